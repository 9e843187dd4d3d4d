import { describe, expect, it } from "vitest";
import type { LensState, Sort } from "../../src/host/protocol";
import { readSample } from "../../src/host/sample";
import { SavedHost } from "../../src/host/saved";
// Packed by tests/widgets/sample_test.py: 100 rows p0 .. p99 on a grid of 10 by 10, all of them with loss = i / 100.
import grid from "./saved-grid.json";

function bytes(text: string): DataView {
  return new DataView(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
}

const before = grid.state as unknown as LensState; // written by the kernel's own lens_state
const marks = { clauses: grid.marks.map(bytes) };
const NO_SORT: Sort[] = [];

async function open(selected = false): Promise<SavedHost> {
  const sample = await readSample(bytes(grid.sample));
  if (sample === null) throw new Error("the sample can't be read");
  return new SavedHost(
    sample,
    selected ? before : { ...before, selection: { ...before.selection, clauses: [] } },
    selected ? marks : {},
    "reopened",
  );
}

describe("SavedHost", () => {
  it("says what it is: the saved rows, of how many, and why", async () => {
    const state = (await open()).state();
    expect(state.saved).toEqual({ rows: 100, of: 100, why: "reopened", searchable: true });
    expect([state.rows, state.selection.count, state.map?.placed]).toEqual([100, 100, 99]);
    expect(state.focus).toEqual({ ordinal: 7, key: "p7" });
  });

  it("shows the selection that was saved, whatever made it", async () => {
    const host = await open(true);
    expect(host.state().selection.count).toBe(50);
    expect(host.state().selection.clauses.map(({ label }) => label)).toEqual(["loss >= 0.5"]);
    const { result } = await host.ask("page", { start: 0, count: 2, sort: NO_SORT, columns: ["text"] });
    expect(result.rows.map(({ key, cells }) => [key, ...cells])).toEqual([
      ["p50", "the text of p50"],
      ["p51", "the text of p51"],
    ]);
  });

  it("lets a condition that was switched off select nothing away", async () => {
    const [clause] = before.selection.clauses;
    if (!clause) throw new Error("there is no clause");
    const off = { ...before, selection: { ...before.selection, clauses: [{ ...clause, enabled: false }] } };
    const sample = await readSample(bytes(grid.sample));
    if (sample === null) throw new Error("the sample can't be read");
    const host = new SavedHost(sample, off, marks, "reopened");
    expect([host.state().selection.count, host.state().selection.clauses.length]).toEqual([100, 1]);
  });

  it("selects inside a lasso, combines, undoes", async () => {
    const host = await open();
    const box = (x: number, y: number): [number, number][] => [[-0.5, -0.5], [x, -0.5], [x, y], [-0.5, y]]; // biome-ignore format: a box
    const lasso = (polygon: [number, number][]) => ({ op: "inside" as const, x: "x", y: "y", polygon });
    await host.ask("clause", { source: "map", predicate: lasso(box(4.5, 4.5)), mode: "replace" });
    expect(host.state().selection.count).toBe(25);
    await host.ask("clause", { source: "map", predicate: lasso(box(1.5, 1.5)), mode: "subtract" });
    expect(host.state().selection.count).toBe(21);
    await host.ask("undo", {});
    expect(host.state().selection.count).toBe(25);
    expect(host.bits()?.[0]).toBe(0b11111);
    await host.ask("clear", {});
    expect([host.state().selection.count, host.bits()]).toEqual([100, null]);
  });

  it("colors by a category with counts of the saved rows", async () => {
    const host = await open(true);
    const { result, arrays } = await host.ask("color", { column: "side", scale: null });
    expect(result.kind === "category" && result.values.map((v) => [v.label, v.count, v.selected])).toEqual([
      ["right", 50, 25],
      ["left", 49, 25],
    ]);
    expect([result.nulls, arrays.codes?.length]).toEqual([1, 100]);
  });

  it("answers conditions on numbers and categories", async () => {
    const host = await open();
    const count = async (predicate: object) => {
      await host.ask("clause", { source: "column:a", predicate: predicate as never, mode: "replace" });
      return host.state().selection.count;
    };
    expect(await count({ op: "between", column: "loss", low: 0.1, high: 0.2 })).toBe(11);
    expect(await count({ op: "eq", left: { column: "side" }, right: { value: "left" } })).toBe(49);
    expect(await count({ op: "is_in", column: "side", values: ["left", "right"] })).toBe(99);
    expect(await count({ op: "is_null", column: "side" })).toBe(1);
    expect(await count({ op: "not", of: { op: "is_null", column: "side" } })).toBe(99);
    expect(await count({ op: "contains", column: "text", value: "p9" })).toBe(11);
  });

  it("refuses in a sentence what the saved rows can't tell", async () => {
    const host = await open();
    const predicate = { op: "eq" as const, left: { column: "gone" }, right: { value: 1 } };
    await expect(host.ask("clause", { source: "code", predicate, mode: "replace" })).rejects.toThrow(
      "A condition on 'gone' needs the kernel: run the notebook's cells again.",
    );
    await expect(host.ask("color", { column: "gone", scale: null })).rejects.toThrow("were not saved");
    await expect(host.ask("code", { dialect: "pandas" })).rejects.toThrow("needs the kernel");
    expect(["page", "color", "code", "stop"].map((verb) => host.can(verb as "page"))).toEqual([
      true, true, false, false,
    ]); // biome-ignore format: a row
  });

  it("sorts, finds and reads rows", async () => {
    const host = await open();
    const sort = [{ column: "loss", descending: true }];
    const { result } = await host.ask("page", { start: 0, count: 2, sort, columns: null });
    expect(result.rows.map(({ key }) => key)).toEqual(["p99", "p98"]);
    expect((await host.ask("locate", { ordinal: 99, sort })).result.index).toBe(0);
    const row = (await host.ask("row", { ordinal: 3 })).result;
    expect(row.columns.map(({ name, cell }) => [name, cell])).toEqual([
      ["id", "p3"],
      ["side", null],
      ["loss", "0.03"],
      ["text", "the text of p3"],
    ]);
    expect((await host.ask("snippet", { ordinals: [4] })).result).toEqual({
      texts: ["the text of p4"],
      keys: ["p4"],
    });
  });
});

describe("readSample", () => {
  it("takes nothing that it can't read", async () => {
    expect(await readSample(undefined)).toBeNull();
    expect(await readSample(new DataView(new ArrayBuffer(0)))).toBeNull();
    expect(await readSample(bytes(btoa("not compressed at all")))).toBeNull();
  });
});
