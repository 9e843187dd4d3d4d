import { isSelected, type Points } from "../host/store";
import type { Bounds } from "./camera";
import { type Rests, stepsAt } from "./grid";
import type { Vertex } from "./overlay";
import type { Flags } from "./selection";

/** A selection of one point, or of a few in one place, is shown in its surroundings: at least this part of the whole. */
const FIT_LEAST = 0.01;

/** Data coordinates of the point at a place. */
export function dataOf(points: Points, place: number, rests: Rests | null = null): Vertex {
  return toData(points, stepsAt(points.xy, rests, place, 0), stepsAt(points.xy, rests, place, 1));
}

/** Data coordinates of steps. */
export function toData({ origin, scale }: Points, x: number, y: number): Vertex {
  return [origin[0] + scale[0] * x, origin[1] + scale[1] * y];
}

/** Places of those rows that are on the map, found in one go. */
export function placesOf({ order }: Points, ordinals: readonly number[]): number[] {
  const wanted = new Uint8Array(1 + Math.max(0, ...ordinals));
  for (const ordinal of ordinals) wanted[ordinal] = 1;
  const found: number[] = [];
  if (ordinals.length > 0) for (let i = 0; i < order.length; i++) if (wanted[order[i] ?? 0]) found.push(i);
  return found;
}

/** Around all points, or those that `take` says. */
export function boundsOf(points: Points, take?: (place: number) => boolean): Bounds {
  const { n, xy, origin, scale } = points;
  let [left, low, right, high] = [65535, 65535, 0, 0];
  for (let i = 0; i < n; i++) {
    if (take !== undefined && !take(i)) continue;
    const x = xy[2 * i] ?? 0;
    const y = xy[2 * i + 1] ?? 0;
    if (x < left) left = x;
    if (x > right) right = x;
    if (y < low) low = y;
    if (y > high) high = y;
  }
  const [x0, x1] = [origin[0] + scale[0] * left, origin[0] + scale[0] * right];
  const [y0, y1] = [origin[1] + scale[1] * low, origin[1] + scale[1] * high];
  return { x0: Math.min(x0, x1), y0: Math.min(y0, y1), x1: Math.max(x0, x1), y1: Math.max(y0, y1) };
}

/** Around what is selected; null where that is everything or nothing. */
export function selectedBounds(points: Points, { bits, count }: Flags, whole: Bounds): Bounds | null {
  if (bits === null || count === 0) return null;
  const { x0, y0, x1, y1 } = boundsOf(points, (place) => isSelected(bits, place));
  const least = FIT_LEAST * Math.max(whole.x1 - whole.x0, whole.y1 - whole.y0);
  const grow = Math.max(0, least - Math.max(x1 - x0, y1 - y0)) / 2;
  return { x0: x0 - grow, y0: y0 - grow, x1: x1 + grow, y1: y1 + grow };
}
