import { focused } from "../host/focused";
import { pressed } from "../host/keys";
import type { Mode } from "../host/protocol";
import type { Tool } from "../host/view";

/** What gestures do; places in CSS pixels from the surface's upper left corner. */
export interface GestureTarget {
  tool(): Tool;
  setTool(tool: Tool): void;
  panBy(dx: number, dy: number): void;
  zoomAt(factor: number, px: number, py: number): void;
  hover(place: [number, number] | null): void;
  click(px: number, py: number): void;
  /** The shape as drawn so far; null takes it away. */
  drawing(path: [number, number][] | null, mode: Mode): void;
  drawn(path: [number, number][], mode: Mode): void;
  fit(): void;
  fitSelection(): void;
  /** False where there was nothing to clear. */
  clear(): boolean;
  /** The wheel was turned over a map that isn't active. */
  passed(): void;
  /** The map was entered or pressed. */
  touched(): void;
}

/** A hand isn't still: less than this is a click. */
const CLICK_PX = 4;
/** Steps of a path: finer ones can't be seen and cost in every later test. */
const STEP_PX = 1.5;
/** A shape smaller than this was meant as a click. */
const AREA_MIN_PX = 12;
const KEY_PAN_PX = 60;
const KEY_ZOOM = 1.4;
/** Of a wheel: a notch of 100 pixels zooms by a fifth; of a pinch on a touchpad, whose steps are small. */
const WHEEL_ZOOM = 0.0018;
const PINCH_ZOOM = 0.01;
const WHEEL_STEP_MAX = 200;

export function modeOf(event: { shiftKey: boolean; altKey: boolean }): Mode {
  if (event.shiftKey) return event.altKey ? "intersect" : "add";
  return event.altKey ? "subtract" : "replace";
}

type Press =
  | { kind: "pan"; start: [number, number]; last: [number, number]; moved: boolean }
  | { kind: "draw"; tool: "lasso" | "box"; path: [number, number][]; mode: Mode };

/** Pointer, wheel and keys of the map's surface. What is handled here goes no further: JupyterLab has keys too. */
export class Gestures {
  readonly #off = new AbortController();
  readonly #pointers = new Map<number, [number, number]>();
  #press: Press | null = null;
  #pinch: { distance: number; middle: [number, number] } | null = null;
  #active = false;
  #inside = false;

  constructor(
    readonly surface: HTMLElement,
    readonly target: GestureTarget,
  ) {
    const { signal } = this.#off;
    const on = <K extends keyof HTMLElementEventMap>(name: K, act: (event: HTMLElementEventMap[K]) => void) =>
      surface.addEventListener(name, act, { signal, passive: false });
    on("pointerdown", (event) => this.#down(event));
    on("pointermove", (event) => this.#move(event));
    on("pointerup", (event) => this.#up(event));
    on("pointercancel", () => this.cancel());
    on("pointerenter", () => {
      this.#inside = true;
      target.touched();
    });
    on("pointerleave", () => {
      this.#inside = false;
      if (focused() !== surface) this.#active = false;
      target.hover(null);
    });
    on("focus", () => {
      this.#active = true;
      target.touched();
    });
    on("blur", () => {
      if (!this.#inside) this.#active = false;
    });
    on("wheel", (event) => this.#wheel(event));
    on("dblclick", (event) => {
      event.stopPropagation();
      target.fitSelection();
    });
    on("keydown", (event) => this.#key(event));
    // A modifier pressed or let go while drawing shows at once.
    on("keyup", (event) => this.#remode(event));
    // Firefox: Alt alone would open its menu, and right-drag a context menu.
    on("contextmenu", (event) => {
      if (this.#press !== null) event.preventDefault();
    });
    document.addEventListener(
      "pointerdown",
      (event) => {
        if (!event.composedPath().includes(surface)) this.#active = false;
      },
      { signal, capture: true },
    );
  }

  /** Ends what is being drawn or dragged; true where there was something. */
  cancel(): boolean {
    const drawing = this.#press?.kind === "draw";
    if (drawing) this.target.drawing(null, "replace");
    this.#press = null;
    this.#pinch = null;
    this.#pointers.clear();
    return drawing;
  }

  destroy(): void {
    this.#off.abort();
  }

  #place(event: MouseEvent): [number, number] {
    const box = this.surface.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  #down(event: PointerEvent): void {
    if (event.button > 1) return;
    this.#active = true;
    // The ring around the map is for who comes by keys.
    this.surface.dataset.pointed = "true";
    this.surface.focus({ preventScroll: true });
    this.target.touched();
    const place = this.#place(event);
    // Fails for a pointer that is gone already, and for events that a test made.
    try {
      this.surface.setPointerCapture(event.pointerId);
    } catch {}
    this.#pointers.set(event.pointerId, place);
    if (this.#pointers.size === 2) {
      if (this.#press?.kind === "draw") this.target.drawing(null, "replace");
      this.#press = null;
      this.#pinch = pinchOf([...this.#pointers.values()]);
      return;
    }
    this.target.hover(null);
    const tool = this.target.tool();
    // The middle button pans whatever the tool.
    if (tool === "pan" || event.button === 1) {
      if (event.button === 1) event.preventDefault();
      this.#press = { kind: "pan", start: place, last: place, moved: false };
    } else {
      this.#press = { kind: "draw", tool, path: [place], mode: modeOf(event) };
    }
  }

  #move(event: PointerEvent): void {
    const place = this.#place(event);
    if (this.#pointers.has(event.pointerId)) this.#pointers.set(event.pointerId, place);
    if (this.#pinch !== null) {
      this.#pinched();
      return;
    }
    const press = this.#press;
    if (press === null) {
      if (event.pointerType !== "touch") this.target.hover(place);
      return;
    }
    if (press.kind === "pan") {
      press.moved ||= Math.hypot(place[0] - press.start[0], place[1] - press.start[1]) >= CLICK_PX;
      if (!press.moved) return;
      this.target.panBy(place[0] - press.last[0], place[1] - press.last[1]);
      press.last = place;
      this.surface.dataset.dragging = "true";
      return;
    }
    press.mode = modeOf(event);
    if (press.tool === "box") press.path = boxPath(press.path[0] ?? place, place);
    else {
      // Events that came between two frames are part of the path as well.
      const between = event.getCoalescedEvents?.() ?? [];
      for (const one of between.length > 0 ? between : [event]) extend(press.path, this.#place(one));
    }
    this.target.drawing(press.path, press.mode);
  }

  #up(event: PointerEvent): void {
    this.#pointers.delete(event.pointerId);
    delete this.surface.dataset.dragging;
    if (this.#pinch !== null) {
      if (this.#pointers.size < 2) this.#pinch = null;
      return;
    }
    const press = this.#press;
    this.#press = null;
    if (press === null) return;
    const place = this.#place(event);
    if (press.kind === "pan") {
      if (!press.moved && event.button === 0) this.target.click(...place);
      return;
    }
    const path = press.tool === "box" ? boxPath(press.path[0] ?? place, place) : press.path;
    this.target.drawing(null, press.mode);
    if (path.length < 3 || areaOf(path) < AREA_MIN_PX) this.target.click(...place);
    else this.target.drawn(path, modeOf(event));
  }

  #pinched(): void {
    const now = pinchOf([...this.#pointers.values()]);
    const last = this.#pinch;
    if (now === null || last === null) return;
    this.target.panBy(now.middle[0] - last.middle[0], now.middle[1] - last.middle[1]);
    if (last.distance > 0) this.target.zoomAt(now.distance / last.distance, ...now.middle);
    this.#pinch = now;
  }

  #wheel(event: WheelEvent): void {
    const pinch = event.ctrlKey || event.metaKey;
    if (!pinch && !this.#active) {
      this.target.passed();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    // Lines and pages, as some mice count, in pixels.
    const unit = event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1;
    const delta = Math.max(-WHEEL_STEP_MAX, Math.min(WHEEL_STEP_MAX, event.deltaY * unit));
    // A touchpad's pinch comes as small steps with Ctrl; a wheel's notch with Ctrl is no pinch.
    const rate = event.ctrlKey && Math.abs(delta) < 50 ? PINCH_ZOOM : WHEEL_ZOOM;
    this.target.zoomAt(Math.exp(-delta * rate), ...this.#place(event));
  }

  #remode(event: KeyboardEvent): void {
    if (this.#press?.kind !== "draw") return;
    this.#press.mode = modeOf(event);
    this.target.drawing(this.#press.path, this.#press.mode);
  }

  #key(event: KeyboardEvent): void {
    delete this.surface.dataset.pointed;
    this.#remode(event);
    const { target, surface } = this;
    const pan = (x: number, y: number) => () => {
      const far = event.shiftKey ? 3 * KEY_PAN_PX : KEY_PAN_PX;
      target.panBy(x * far, y * far);
    };
    const zoom = (factor: number) => () =>
      target.zoomAt(factor, surface.clientWidth / 2, surface.clientHeight / 2);
    const tool = (name: Tool) => () => target.setTool(name);
    const fit = () => target.fit();
    const done =
      pressed("map", event, {
        left: pan(1, 0),
        right: pan(-1, 0),
        up: pan(0, 1),
        down: pan(0, -1),
        in: zoom(KEY_ZOOM),
        out: zoom(1 / KEY_ZOOM),
        all: fit,
        leave: () => this.cancel() || target.clear(),
      }) || pressed("view", event, { pan: tool("pan"), lasso: tool("lasso"), box: tool("box"), fit });
    if (done) event.stopPropagation();
  }
}

function extend(path: [number, number][], place: [number, number]): void {
  const last = path.at(-1);
  if (last === undefined || Math.hypot(place[0] - last[0], place[1] - last[1]) > STEP_PX) path.push(place);
}

function boxPath([x0, y0]: [number, number], [x1, y1]: [number, number]): [number, number][] {
  return [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
  ];
}

/** Of what a path encloses at all, loops of either direction: the box around it would call a straight line large. */
function areaOf(path: readonly [number, number][]): number {
  let twice = 0;
  const [ox, oy] = path[0] ?? [0, 0];
  for (let k = 1; k + 1 < path.length; k++) {
    const [ax, ay] = path[k] ?? [0, 0];
    const [bx, by] = path[k + 1] ?? [0, 0];
    twice += Math.abs((ax - ox) * (by - oy) - (bx - ox) * (ay - oy));
  }
  return twice / 2;
}

function pinchOf(places: [number, number][]): { distance: number; middle: [number, number] } | null {
  const [a, b] = places;
  if (a === undefined || b === undefined) return null;
  return {
    distance: Math.hypot(a[0] - b[0], a[1] - b[1]),
    middle: [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2],
  };
}
