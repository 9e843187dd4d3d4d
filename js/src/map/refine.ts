import type { Host } from "../host/host";
import type { Points } from "../host/store";
import type { Bounds, Camera } from "./camera";
import { lowest, noRests, type Rests, runs, STEPS } from "./grid";

/** A step of the 16 bits an axis that is wider than this, in device pixels, can be seen. */
const SEEN_PX = 0.5;
/** With more rows in view there is nothing to tell apart; mirrors widgets/refine.py. */
const MOST = 100_000;
/** So much is asked for on each side of the view, in its widths and heights: a hand that pans a little asks nothing. */
const MARGIN = 0.5;

/** The width of a step in data units, on the axis where it is wider; 0 where all points lie in one place. */
export function stepOf({ scale }: Points, { x0, y0, x1, y1 }: Bounds): number {
  return Math.max(x1 > x0 ? Math.abs(scale[0]) : 0, y1 > y0 ? Math.abs(scale[1]) : 0);
}

/** What can be told apart: a part of a step where the host refines, but never less than float64 holds. */
export function quantumOf(points: Points, bounds: Bounds, refined: boolean): number {
  const largest = Math.max(...Object.values(bounds).map(Math.abs));
  return Math.max(stepOf(points, bounds) / (refined ? STEPS : 1), largest * 2 ** -51);
}

/** Keeps the exact positions of the points in view, for as long as it is zoomed in so far that they can be seen. */
export class Refinement {
  rests: Rests | null = null;
  /** What the rests are of, or what is asked for. */
  #covered: { points: Points; bounds: Bounds } | null = null;
  #asking: AbortController | null = null;

  constructor(
    readonly host: Host,
    readonly camera: Camera,
    readonly changed: () => void,
  ) {}

  /** The view has come to rest; `step` is of these points. */
  look(points: Points, step: number): void {
    const { camera, host } = this;
    const ratio = window.devicePixelRatio || 1;
    if (camera.scale * step * ratio <= SEEN_PX || !host.can("refine")) {
      this.drop();
      return;
    }
    const now = this.#covered;
    if (now?.points === points && holds(now.bounds, camera.visible())) return;
    this.#asking?.abort();
    this.#covered = null;
    const { width, height } = camera;
    for (const margin of [MARGIN, 0]) {
      const bounds = camera.visible(margin * Math.max(width, height));
      const places = placesIn(points, bounds);
      if (places !== null) {
        void this.#ask(points, bounds, places);
        return;
      }
    }
    this.#set(null);
  }

  /** Back to 16 bits. */
  drop(): void {
    this.#asking?.abort();
    this.#covered = null;
    this.#set(null);
  }

  #set(rests: Rests | null): void {
    if (rests === this.rests) return;
    this.rests = rests;
    this.changed();
  }

  async #ask(points: Points, bounds: Bounds, places: number[]): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    this.#covered = { points, bounds };
    const { x0, y0, x1, y1 } = bounds;
    const args = { version: points.version, bounds: [x0, y0, x1, y1] as [number, number, number, number] };
    try {
      const { result, arrays } = await this.host.ask("refine", args, { signal: asking.signal });
      if (asking.signal.aborted || result.version !== points.version) return;
      const { ordinals, rests } = arrays;
      if (ordinals instanceof Uint32Array && rests instanceof Uint32Array) {
        this.#set(joined(points, places, ordinals, rests));
      }
    } catch {
      // The map stays at 16 bits here.
    }
  }
}

function holds(outer: Bounds, inner: Bounds): boolean {
  return outer.x0 <= inner.x0 && outer.y0 <= inner.y0 && outer.x1 >= inner.x1 && outer.y1 >= inner.y1;
}

/** Places of the points that may lie within bounds; null where they are too many. */
export function placesIn(points: Points, bounds: Bounds): number[] | null {
  const { xy, origin, scale } = points;
  const places: number[] = [];
  const outside = (steps: number, axis: 0 | 1, from: number, to: number) => {
    const value = origin[axis] + scale[axis] * steps;
    return value < from - scale[axis] || value > to + scale[axis];
  };
  const ranges = runs(points, bounds, 0);
  for (let k = 0; k < ranges.length; k += 2) {
    for (let place = ranges[k] ?? 0; place < (ranges[k + 1] ?? 0); place++) {
      if (outside(xy[2 * place] ?? 0, 0, bounds.x0, bounds.x1)) continue;
      if (outside(xy[2 * place + 1] ?? 0, 1, bounds.y0, bounds.y1)) continue;
      if (places.push(place) > MOST) return null;
    }
  }
  return places;
}

/** The rests of rows, in the order of their ordinals, as rests of places; null where there are none. */
export function joined(
  { order }: Points,
  places: readonly number[],
  ordinals: Uint32Array,
  rests: Uint32Array,
): Rests | null {
  const table = noRests(places.length);
  let pair = 0;
  for (const place of places) {
    const ordinal = order[place] ?? 0;
    const row = lowest(ordinals.length, (k) => (ordinals[k] ?? 0) >= ordinal);
    if (ordinals[row] !== ordinal) continue;
    table[pair++] = place;
    table[pair++] = rests[row] ?? 0;
  }
  return pair === 0 ? null : table;
}
