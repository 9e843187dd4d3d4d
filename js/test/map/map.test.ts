// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HostError } from "../../src/host/host";
import { MapView } from "../../src/map/map";
import { clip } from "../../src/map/tooltip";
import { cloud, stub } from "./page/stub";

const data = cloud(500);
let el: HTMLElement;
let map: MapView | null = null;

beforeEach(() => {
  el = document.createElement("div");
  // happy-dom lays nothing out.
  for (const [name, size] of [
    ["clientWidth", 700],
    ["clientHeight", 480],
  ] as const) {
    Object.defineProperty(HTMLElement.prototype, name, { configurable: true, get: () => size });
  }
  document.body.append(el);
});

afterEach(() => {
  map?.destroy();
  map = null;
  el.remove();
});

async function shown(lens = stub(data, { delayMs: 0 })) {
  map = new MapView(el, lens.view);
  const surface = el.querySelector<HTMLCanvasElement>("[role=application]");
  if (surface === null) throw new Error("no surface");
  await vi.waitFor(() => expect(map?.screenOf(0)).not.toBeNull());
  return { ...lens, map, surface };
}

function pointer(
  surface: HTMLElement,
  name: string,
  x: number,
  y: number,
  keys: PointerEventInit = {},
): void {
  surface.dispatchEvent(
    new PointerEvent(name, { clientX: x, clientY: y, button: 0, pointerId: 1, bubbles: true, ...keys }),
  );
}

function drag(surface: HTMLElement, path: [number, number][], keys: PointerEventInit = {}): void {
  const [first, ...rest] = path;
  if (first === undefined) return;
  pointer(surface, "pointerdown", ...first, keys);
  for (const place of rest) pointer(surface, "pointermove", ...place, keys);
  pointer(surface, "pointerup", ...(rest.at(-1) ?? first), keys);
}

function press(surface: HTMLElement, key: string): boolean {
  const outside = vi.fn();
  document.addEventListener("keydown", outside, { once: true });
  surface.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  document.removeEventListener("keydown", outside);
  return outside.mock.calls.length > 0;
}

const TRIANGLE: [number, number][] = [
  [100, 100],
  [400, 100],
  [400, 300],
];

describe("MapView", () => {
  it("is an application named Map with its keys described", async () => {
    const { surface } = await shown();
    expect(surface.getAttribute("aria-label")).toBe("Map");
    expect(surface.tabIndex).toBe(0);
    const described = document.getElementById(surface.getAttribute("aria-describedby") ?? "");
    expect(described?.textContent).toContain("L lasso");
    expect(el.textContent).toContain("12 rows have no coordinates");
  });

  it("sends a lasso in data coordinates with the mode of its modifiers", async () => {
    const { surface, view, calls, map } = await shown();
    view.tool.value = "lasso";
    drag(surface, TRIANGLE, { shiftKey: true });
    expect(calls.length).toBe(1);
    const [call] = calls;
    expect(call?.source).toBe("map");
    expect(call?.mode).toBe("add");
    if (call?.predicate?.op !== "inside") throw new Error("no polygon");
    expect(call.predicate.polygon.length).toBe(3);
    const { cx, cy, scale } = await camera(surface);
    const [x, y] = call.predicate.polygon[0] ?? [0, 0];
    expect(350 + (x - cx) * scale).toBeCloseTo(100, 6);
    expect(240 - (y - cy) * scale).toBeCloseTo(100, 6);
    expect(map.screenOf(-1)).toBeNull();
  });

  it("sends a box as its four corners", async () => {
    const { surface, view, calls } = await shown();
    view.tool.value = "box";
    drag(surface, TRIANGLE);
    expect(calls[0]?.mode).toBe("replace");
    expect(calls[0]?.predicate).toMatchObject({ op: "inside" });
    expect(calls[0]?.predicate?.op === "inside" && calls[0].predicate.polygon.length).toBe(4);
  });

  it("drops a shape with Escape, then clears the map's clause, then leaves the key to others", async () => {
    const { surface, view, calls, select } = await shown();
    view.tool.value = "lasso";
    pointer(surface, "pointerdown", 100, 100);
    pointer(surface, "pointermove", 300, 100);
    pointer(surface, "pointermove", 300, 300);
    expect(press(surface, "Escape")).toBe(false);
    pointer(surface, "pointerup", 300, 300);
    expect(calls).toEqual([]);
    select(new Uint8Array(500), null);
    expect(press(surface, "Escape")).toBe(false);
    expect(calls).toEqual([{ source: "map", predicate: null, mode: undefined }]);
    select(null, null);
    expect(press(surface, "Escape")).toBe(true);
  });

  it("focuses the point that is clicked, and nothing on empty ground", async () => {
    const { surface, store, map } = await shown();
    const at = map.screenOf(42);
    drag(surface, [[at?.x ?? 0, at?.y ?? 0]]);
    expect(store.state.value?.focus?.ordinal).toBe(42);
    drag(surface, [[1, 1]]);
    expect(store.state.value?.focus?.ordinal).toBe(42);
  });

  it("keeps its keys from the notebook, and lets others through", async () => {
    const { surface, view } = await shown();
    expect(press(surface, "l")).toBe(false);
    expect(view.tool.value).toBe("lasso");
    expect(press(surface, "ArrowLeft")).toBe(false);
    expect(press(surface, "j")).toBe(true);
  });

  it("lets the wheel scroll the notebook until it was clicked, except with Ctrl", async () => {
    const { surface } = await shown();
    const wheel = (init: { ctrlKey?: boolean }) => {
      const event = new WheelEvent("wheel", { deltaY: -100, bubbles: true, cancelable: true });
      // happy-dom's WheelEvent has no keys.
      Object.defineProperty(event, "ctrlKey", { value: init.ctrlKey ?? false });
      surface.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(wheel({})).toBe(false);
    expect(el.textContent).toContain("Click the map to zoom");
    drag(surface, [[1, 1]]);
    expect(wheel({})).toBe(true);
    surface.blur();
    pointer(surface, "pointerleave", 1, 1);
    expect(wheel({})).toBe(false);
    expect(wheel({ ctrlKey: true })).toBe(true);
  });

  it("points out the row under the pointer to the other views, and takes it back", async () => {
    const { surface, store, map } = await shown();
    const at = map.screenOf(7);
    pointer(surface, "pointermove", at?.x ?? 0, at?.y ?? 0);
    await vi.waitFor(() => expect(store.hovered.value).toBe(7));
    pointer(surface, "pointerleave", 0, 0);
    expect(store.hovered.value).toBeNull();
    store.hovered.value = 9;
    pointer(surface, "pointerleave", 0, 0);
    expect(store.hovered.value).toBe(9);
  });

  it("shows the hovered text as text", async () => {
    const { surface, map } = await shown();
    const at = map.screenOf(7);
    pointer(surface, "pointermove", at?.x ?? 0, at?.y ?? 0);
    await vi.waitFor(() =>
      expect(el.querySelector(".dl-map-tip")?.textContent).toContain("Sample 7: <b>a text</b>"),
    );
    expect(el.querySelector(".dl-map-tip b")).toBeNull();
  });

  it("says what to do where there is no map", () => {
    const lens = stub(data);
    lens.patch({ map: null });
    map = new MapView(el, lens.view);
    expect(el.textContent).toContain("No coordinates yet: run lens.project()");
  });

  it("says what the kernel said where points can't be had", async () => {
    const lens = stub(data);
    lens.store.points = () =>
      Promise.reject(new HostError("KeyError", "Column x is gone. Run lens.project() again."));
    map = new MapView(el, lens.view);
    await vi.waitFor(() => expect(el.textContent).toContain("Column x is gone."));
  });

  it("leaves nothing behind", async () => {
    const { map: shownMap } = await shown();
    shownMap.destroy();
    map = null;
    expect(el.childElementCount).toBe(0);
  });
});

describe("clip", () => {
  it("makes one short line of a text, never half a character", () => {
    expect(clip("  a\n b ")).toBe("a b");
    const long = clip("🙂".repeat(300));
    expect(long.length).toBeLessThanOrEqual(240);
    expect(long).toMatch(/^(?:🙂)+…$/u);
  });
});

async function camera(surface: HTMLElement): Promise<{ cx: number; cy: number; scale: number }> {
  await vi.waitFor(() => expect(surface.dataset.camera).toBeDefined());
  return JSON.parse(surface.dataset.camera ?? "");
}
