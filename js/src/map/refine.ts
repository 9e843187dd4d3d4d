import type { Host } from "../host/host";
import type { Arrays } from "../host/protocol";
import type { Points } from "../host/store";
import type { Bounds, Camera } from "./camera";
import { lowest, noRests, type Rests, runs, STEPS } from "./grid";
import { dataOf } from "./places";

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
  /** Where the rests are complete, or are asked for. */
  #covered: Bounds | null = null;
  #asking: AbortController | null = null;

  constructor(
    readonly host: Host,
    readonly camera: Camera,
    readonly changed: () => void,
  ) {}

  /** The view has come to rest; `step` is of these points. */
  look(points: Points, step: number): void {
    const { camera, host } = this;
    if (camera.scale * step * (window.devicePixelRatio || 1) <= SEEN_PX || !host.can("refine")) {
      this.drop();
      return;
    }
    if (this.#covered !== null && holds(this.#covered, camera.visible())) return;
    this.#asking?.abort();
    this.#covered = camera.visible(MARGIN * Math.max(camera.width, camera.height));
    const { x0, y0, x1, y1 } = this.#covered;
    const [sx, sy] = points.scale;
    // A point that lies outside may have its step inside: it would be drawn there.
    void this.#ask(points, { x0: x0 - sx, y0: y0 - sy, x1: x1 + sx, y1: y1 + sy });
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

  async #ask(points: Points, bounds: Bounds): Promise<void> {
    const places = placesIn(points, bounds);
    if (places === null) {
      this.drop();
      return;
    }
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const { version } = points;
    try {
      const { result, arrays } = await this.host.ask(
        "refine",
        { version, bounds: Object.values(bounds) },
        { signal },
      );
      const { ordinals, rests } = arrays;
      if (!signal.aborted && result.version === version && ordinals && rests) {
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

/** Places of the points whose steps lie within bounds; null where they are too many. */
export function placesIn(points: Points, bounds: Bounds): number[] | null {
  const places: number[] = [];
  const ranges = runs(points, bounds, 0);
  for (let k = 0; k < ranges.length; k += 2) {
    for (let place = ranges[k] ?? 0; place < (ranges[k + 1] ?? 0); place++) {
      const [x, y] = dataOf(points, place);
      if (holds(bounds, { x0: x, y0: y, x1: x, y1: y }) && places.push(place) > MOST) return null;
    }
  }
  return places;
}

/** The rests of rows, in the order of their ordinals, as rests of places; null where there are none. */
export function joined(
  { order }: Points,
  places: readonly number[],
  ordinals: Arrays[string],
  rests: Arrays[string],
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
