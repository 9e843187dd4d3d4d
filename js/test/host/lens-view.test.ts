import { signal } from "@preact/signals";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Answer, type Host, HostError } from "../../src/host/host";
import { createView, type SavedSettings } from "../../src/host/lens-view";
import type { ColumnInfo, LensState, Verb } from "../../src/host/protocol";
import type { Store } from "../../src/host/store";

function column(name: string, version: string | null = null): ColumnInfo {
  return {
    name,
    kind: "number",
    numeric: true,
    derived: false,
    role: null,
    nulls: 0,
    notComputed: 0,
    version,
  };
}

function state(revision: number, columns: ColumnInfo[], color: string | null, map = "m1"): LensState {
  return {
    revision,
    rows: 4,
    title: "test",
    sample: null,
    columns,
    map: { x: "x", y: "y", version: map, placed: 4 },
    text: null,
    color,
    selection: { clauses: [], count: 4, total: 4, canUndo: false, canRedo: false },
    focus: null,
  };
}

function open(saved: SavedSettings = {}) {
  const asked: {
    verb: Verb;
    args: unknown;
    resolve: (answer: unknown) => void;
    reject: (error: unknown) => void;
    aborted: () => boolean;
  }[] = [];
  const host = {
    can: () => true,
    listen: () => {},
    close: () => {},
    ask: (verb: Verb, args: unknown, options?: { signal?: AbortSignal }) =>
      new Promise<unknown>((resolve, reject) => {
        asked.push({ verb, args, resolve, reject, aborted: () => options?.signal?.aborted ?? false });
      }),
  } as unknown as Host;
  const store = {
    host,
    state: signal<LensState | null>(null),
    mask: signal<Uint8Array | null>(null),
    problem: signal<string | null>(null),
  } as unknown as Store;
  const settings: SavedSettings[] = [];
  const view = createView(store, saved, (now) => settings.push(now));
  return { asked, store, view, settings };
}

function colors(name: string): Answer<"color"> {
  const result = { kind: "number", column: name, points: "m1" } as unknown as Answer<"color">["result"];
  return { result, arrays: { codes: new Uint8Array(4) }, revision: 1 };
}

describe("createView", () => {
  beforeEach(() => {
    vi.stubGlobal("matchMedia", () => ({
      matches: false,
      addEventListener: () => {},
      removeEventListener: () => {},
    }));
  });

  it("takes the kernel's suggestion until somebody chooses", () => {
    const { store, view } = open();
    store.state.value = state(1, [column("a"), column("b")], "a");
    expect(view.color.value).toBe("a");
    store.state.value = state(2, [column("a"), column("b")], "b");
    expect(view.color.value).toBe("b");
    view.color.value = "a";
    store.state.value = state(3, [column("a"), column("b")], "b");
    expect(view.color.value).toBe("a");
  });

  it("keeps a saved choice, also that of no colour, and drops one whose column is gone", () => {
    const none = open({ color: null });
    none.store.state.value = state(1, [column("a")], "a");
    expect(none.view.color.value).toBeNull();
    const gone = open({ color: "old" });
    gone.store.state.value = state(1, [column("a")], "a");
    expect(gone.view.color.value).toBe("a");
  });

  it("asks for colours once per column, version, scale and map, and drops what is out of date", async () => {
    const { asked, store, view } = open();
    store.state.value = state(1, [column("a"), column("b")], "a");
    store.state.value = state(2, [column("a"), column("b")], "a");
    expect(asked.map(({ args }) => args)).toEqual([{ column: "a", scale: null }]);
    view.color.value = "b";
    expect(asked).toHaveLength(2);
    expect(asked[0]?.aborted()).toBe(true);
    asked[1]?.resolve(colors("b"));
    await vi.waitFor(() => expect(view.coloring.value?.result.column).toBe("b"));
    store.state.value = state(3, [column("a"), column("b", "v2")], "a");
    store.state.value = state(4, [column("a"), column("b", "v2")], "a", "m2");
    expect(asked).toHaveLength(4);
  });

  it("says that colours were not saved only to somebody who chooses them", async () => {
    const saved = { rows: 4, of: 4, why: "reopened", searchable: true } as const;
    const { asked, store, view } = open({ color: "b" });
    store.state.value = state(1, [column("a"), column("b")], "a");
    asked[0]?.resolve(colors("b"));
    await vi.waitFor(() => expect(view.coloring.value).not.toBeNull());
    store.state.value = { ...state(2, [column("a"), column("b")], "a", "saved m1"), saved };
    const error = new HostError("unsupported", "The colors of 'b' were not saved.");
    asked[1]?.reject(error);
    await vi.waitFor(() => expect(view.coloring.value).toBeNull());
    expect(store.problem.value).toBeNull();
    view.color.value = null;
    view.color.value = "b";
    asked[2]?.reject(error);
    await vi.waitFor(() => expect(store.problem.value).toBe("The colors of 'b' were not saved."));
  });

  it("takes no saved size or opacity that would hide the points", () => {
    const lookOf = (look: unknown) => open({ look } as SavedSettings).view.look.value;
    expect(lookOf({ size: 2, opacity: 0.25 })).toMatchObject({ size: 2, opacity: 0.25 });
    for (const wrong of [0, -1, 5, 1e300, Number.NaN, "2", null, [2], {}, true, undefined]) {
      expect(lookOf({ size: wrong, opacity: wrong })).toMatchObject({ size: 1, opacity: 1 });
      expect(lookOf(wrong)).toMatchObject({ size: 1, opacity: 1 });
    }
  });

  it("asks for the codes of the column that sizes points alone, by quantiles, and for no points", async () => {
    const { asked, store, view, settings } = open({ color: "a" });
    store.state.value = state(1, [column("a"), column("b")], "a");
    asked[0]?.resolve(colors("a"));
    view.look.value = { ...view.look.value, by: "b" };
    view.look.value = { ...view.look.value, size: 2 };
    expect(asked.map(({ verb }) => verb)).toEqual(["color", "color"]);
    expect(asked[1]?.args).toEqual({ column: "b", scale: "quantile" });
    asked[1]?.resolve(colors("b"));
    await vi.waitFor(() => expect(view.sizing.value?.result.column).toBe("b"));
    expect(settings.at(-1)).toMatchObject({ look: { by: "b", size: 2 } });
    view.look.value = { ...view.look.value, by: null };
    expect(view.sizing.value).toBeNull();
  });

  it("leaves the scale of one column behind when another is chosen", () => {
    const { store, view } = open({ color: "a", scale: "log" });
    store.state.value = state(1, [column("a"), column("b")], null);
    expect(view.scale.value).toBe("log");
    view.color.value = "b";
    expect(view.scale.value).toBeNull();
  });

  it("saves what a person chose, not what was suggested", () => {
    const { store, view, settings } = open();
    store.state.value = state(1, [column("a"), column("b")], "a");
    view.tool.value = "box";
    expect(settings.at(-1)).toMatchObject({ tool: "box" });
    expect(settings.at(-1)).not.toHaveProperty("color");
    view.color.value = "b";
    expect(settings.at(-1)).toMatchObject({ color: "b" });
  });
});
