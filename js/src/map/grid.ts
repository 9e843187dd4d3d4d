import type { Points } from "../host/store";

/** Steps of a coordinate: 16 bits an axis. */
export const STEPS = 65536;

type Grid = Pick<Points, "n" | "grid" | "xy" | "cells" | "origin" | "scale">;

/** Flag of a point that the shape took, as `lasso` and `box` answer it. */
export const INSIDE = 1;
/** A point lies so far from its step at most, and a hair more for rounding: its cell is that of its step. */
const HALF = 0.51;
/** What comes after the last place of `Rests`. */
const NOWHERE = 0xffffffff;

/**
 * Exact positions of some points: pairs of a place, in ascending order, and what its steps leave of x (lower 16 bits)
 * and y (upper), in 65,536ths of a step, 32,768 for none. Whole rows of a texture of `RESTS_WIDTH` pairs.
 */
export type Rests = Uint32Array;
export const RESTS_WIDTH = 1024;

/** Room for so many pairs, all of them nowhere yet. */
export function noRests(pairs: number): Rests {
  return new Uint32Array(2 * RESTS_WIDTH * Math.ceil(pairs / RESTS_WIDTH)).fill(NOWHERE);
}

/** Where the point at a place lies on an axis (0 is x), in steps. */
export function stepsAt(xy: Uint16Array, rests: Rests | null, place: number, axis: 0 | 1): number {
  const steps = xy[2 * place + axis] ?? 0;
  if (rests === null) return steps;
  const pair = 2 * lowest(rests.length / 2, (k) => (rests[2 * k] ?? 0) >= place);
  return rests[pair] === place
    ? steps + ((((rests[pair + 1] ?? 0) >>> (16 * axis)) & 65535) - 32768) / STEPS
    : steps;
}

/** The lowest of 0 .. n - 1 from which on a test holds; n where it never does. */
export function lowest(n: number, test: (k: number) => boolean): number {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Place (in grid order) of the point nearest to (x, y) within `radius`, all in data units; -1 where there is none.
 *
 * Only the cells that the circle touches are read. Among points in reach, those with `prefer(place)` win over any other.
 */
export function nearest(
  points: Grid,
  x: number,
  y: number,
  radius: number,
  prefer?: (place: number) => boolean,
  rests: Rests | null = null,
): number {
  const { grid, cells, xy, origin, scale } = points;
  const cell = STEPS / grid;
  const column = cellRange(x, radius, origin[0], scale[0], cell, grid);
  const row = cellRange(y, radius, origin[1], scale[1], cell, grid);
  const reach = radius * radius;
  let best = -1;
  let bestDistance = reach;
  let bestPreferred = false;
  for (let r = row[0]; r <= row[1]; r++) {
    const end = cells[r * grid + column[1] + 1] ?? 0;
    for (let i = cells[r * grid + column[0]] ?? 0; i < end; i++) {
      const dx = origin[0] + scale[0] * stepsAt(xy, rests, i, 0) - x;
      const dy = origin[1] + scale[1] * stepsAt(xy, rests, i, 1) - y;
      const distance = dx * dx + dy * dy;
      if (distance > reach) continue;
      const preferred = prefer?.(i) ?? false;
      if (best >= 0 && preferred === bestPreferred ? distance < bestDistance : best < 0 || preferred) {
        best = i;
        bestDistance = distance;
        bestPreferred = preferred;
      }
    }
  }
  return best;
}

/**
 * Flags (1 inside, 0 outside) in grid order of the points in a rectangle given in data units.
 *
 * It is the lasso of its four corners, as the kernel has it too: exactly on its upper or right side is outside.
 */
export function box(points: Grid, x0: number, y0: number, x1: number, y1: number): Uint8Array {
  const [left, right] = x0 < x1 ? [x0, x1] : [x1, x0];
  const [low, high] = y0 < y1 ? [y0, y1] : [y1, y0];
  return lasso(points, [
    [left, low],
    [right, low],
    [right, high],
    [left, high],
  ]);
}

/**
 * Flags (1 inside, 0 outside) in grid order of the points inside a polygon, given in data units.
 *
 * Even-odd, so a polygon may cross itself. Cells that no edge passes are taken or left whole; the points of the others
 * are tested one by one, each against the edges that cross its row of cells only.
 */
export function lasso(
  points: Grid,
  polygon: readonly (readonly [number, number])[],
  rests: Rests | null = null,
): Uint8Array {
  const flags = new Uint8Array(points.n);
  if (polygon.length < 3) return flags;
  const edges = toEdges(points, polygon);
  const { grid, cells } = points;
  const cell = STEPS / grid;
  const onEdge = new Uint8Array(grid);
  const active = new Int32Array(edges.length / 4);
  for (let row = 0; row < grid; row++) {
    const low = row * cell - HALF;
    const high = (row + 1) * cell + HALF;
    let count = 0;
    for (let e = 0; e < active.length; e++) {
      const ay = edges[4 * e + 1] ?? 0;
      const by = edges[4 * e + 3] ?? 0;
      if (Math.min(ay, by) <= high && Math.max(ay, by) >= low) active[count++] = e;
    }
    if (count === 0) continue;
    onEdge.fill(0);
    for (let k = 0; k < count; k++) markEdge(edges, 4 * (active[k] ?? 0), low, high, cell, onEdge);
    // Without an edge between them, neighbouring cells lie on the same side: one test serves the whole run.
    let side = -1;
    for (let column = 0; column < grid; column++) {
      const start = cells[row * grid + column] ?? 0;
      const end = cells[row * grid + column + 1] ?? 0;
      if (onEdge[column] === 1) {
        testPoints(points.xy, rests, start, end, edges, active, count, flags);
        side = -1;
        continue;
      }
      if (start === end) continue;
      if (side < 0) side = isInside((column + 0.5) * cell, (row + 0.5) * cell, edges, active, count) ? 1 : 0;
      if (side === 1) flags.fill(INSIDE, start, end);
    }
  }
  return flags;
}

/**
 * Ranges of places [start, end, start, end, ...] that hold every point of a rectangle in data units: one for each row
 * of cells, joined where little lies between them.
 */
export function runs(
  points: Grid,
  view: { x0: number; y0: number; x1: number; y1: number },
  /** A draw call costs about as much as this many points out of view. */
  gap = 2000,
): number[] {
  const { grid, cells, origin, scale, n } = points;
  const cell = STEPS / grid;
  const centre = (a: number, b: number) => (a + b) / 2;
  const half = (a: number, b: number) => Math.abs(b - a) / 2;
  const column = cellRange(centre(view.x0, view.x1), half(view.x0, view.x1), origin[0], scale[0], cell, grid);
  const row = cellRange(centre(view.y0, view.y1), half(view.y0, view.y1), origin[1], scale[1], cell, grid);
  const found: number[] = [];
  if (n === 0) return found;
  for (let r = row[0]; r <= row[1]; r++) {
    const start = cells[r * grid + column[0]] ?? 0;
    const end = cells[r * grid + column[1] + 1] ?? 0;
    if (start === end) continue;
    const last = found.length - 1;
    if (last > 0 && start - (found[last] ?? 0) <= gap) found[last] = end;
    else found.push(start, end);
  }
  return found;
}

/** First and last cell of an axis that [value - radius, value + radius] touches, or whose points may lie there. */
function cellRange(
  value: number,
  radius: number,
  origin: number,
  scale: number,
  cell: number,
  grid: number,
): [number, number] {
  if (scale === 0) return [0, grid - 1];
  const at = (v: number) => {
    const column = Math.floor((v - origin) / scale / cell);
    return Math.min(grid - 1, Math.max(0, column));
  };
  const slack = Math.abs(scale) * HALF;
  const [a, b] = [at(value - radius - slack), at(value + radius + slack)];
  return a < b ? [a, b] : [b, a];
}

/** Edges in coordinate steps, four numbers each (ax, ay, bx, by). */
function toEdges(points: Grid, polygon: readonly (readonly [number, number])[]): Float64Array {
  const { origin, scale } = points;
  const edges = new Float64Array(4 * polygon.length);
  const step = (value: number, axis: 0 | 1) =>
    // An axis of width zero has all its points at step 0; its edges keep their sides around it.
    scale[axis] === 0 ? value - origin[axis] : (value - origin[axis]) / scale[axis];
  let previous = polygon[polygon.length - 1] ?? [0, 0];
  for (const [k, vertex] of polygon.entries()) {
    edges[4 * k] = step(previous[0], 0);
    edges[4 * k + 1] = step(previous[1], 1);
    edges[4 * k + 2] = step(vertex[0], 0);
    edges[4 * k + 3] = step(vertex[1], 1);
    previous = vertex;
  }
  return edges;
}

/** Marks the cells of one row that an edge passes, or whose points may lie beyond it. */
function markEdge(
  edges: Float64Array,
  e: number,
  low: number,
  high: number,
  cell: number,
  onEdge: Uint8Array,
): void {
  const ax = edges[e] ?? 0;
  const ay = edges[e + 1] ?? 0;
  const bx = edges[e + 2] ?? 0;
  const by = edges[e + 3] ?? 0;
  let left = ax;
  let right = bx;
  if (ay !== by) {
    const at = (y: number) =>
      ax + ((Math.min(Math.max(y, Math.min(ay, by)), Math.max(ay, by)) - ay) / (by - ay)) * (bx - ax);
    left = at(low);
    right = at(high);
  }
  if (left > right) [left, right] = [right, left];
  const first = Math.max(0, Math.floor((left - HALF) / cell));
  const last = Math.min(onEdge.length - 1, Math.floor((right + HALF) / cell));
  if (first <= last) onEdge.fill(1, first, last + 1);
}

function testPoints(
  xy: Uint16Array,
  rests: Rests | null,
  start: number,
  end: number,
  edges: Float64Array,
  active: Int32Array,
  count: number,
  flags: Uint8Array,
): void {
  for (let i = start; i < end; i++) {
    const x = stepsAt(xy, rests, i, 0);
    const y = stepsAt(xy, rests, i, 1);
    if (isInside(x, y, edges, active, count)) flags[i] = INSIDE;
  }
}

/** Even-odd: a ray to the right crosses an odd number of edges. Half-open in y, so a vertex counts once. */
function isInside(x: number, y: number, edges: Float64Array, active: Int32Array, count: number): boolean {
  let inside = false;
  for (let k = 0; k < count; k++) {
    const e = 4 * (active[k] ?? 0);
    const ay = edges[e + 1] ?? 0;
    const by = edges[e + 3] ?? 0;
    if (ay > y === by > y) continue;
    const ax = edges[e] ?? 0;
    if (x < ax + ((y - ay) / (by - ay)) * ((edges[e + 2] ?? 0) - ax)) inside = !inside;
  }
  return inside;
}
