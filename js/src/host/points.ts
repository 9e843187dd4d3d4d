import { HostError } from "./host";
import type { Arrays, PointsResult } from "./protocol";

/** The map's points, sorted into cells; shared by every view of one lens. */
export interface Points extends PointsResult {
  /** Cells along each axis. */
  grid: number;
  /** The row of each place. */
  order: Uint32Array;
  /** Steps of each place, x and y in turn. */
  xy: Uint16Array;
  /** Cells go row by row from (x0, y0); cell c holds the places cells[c] .. cells[c + 1], in random order. */
  cells: Uint32Array;
  /** Place of a row, or -1 where it is not on the map. It is looked for: an index would cost as much as the places. */
  placeOf(ordinal: number): number;
}

/** About so many points a cell: a lasso tests those on its edge, so cells are to be small; each costs four bytes. */
const POINTS_A_CELL = 32;
const GRID_MAX = 512;
/** After so many the page may do something else: some ten milliseconds. */
const AT_ONCE = 1 << 19;

/** Sorts points, which come in the order of the rows, into a grid: it would cost as much to send as the points. */
export async function arrange(result: PointsResult, { xy, placed }: Arrays): Promise<Points> {
  const { n } = result;
  if (!(xy instanceof Uint16Array) || xy.length !== 2 * n) {
    throw new HostError("protocol", "The kernel sent points that this page can't read. Reload it.");
  }
  const grid = Math.floor(Math.min(GRID_MAX, Math.max(1, Math.sqrt(n / POINTS_A_CELL))));
  const cells = new Uint32Array(grid * grid + 1);
  const cellOf = (i: number) =>
    (((xy[2 * i + 1] ?? 0) * grid) >> 16) * grid + (((xy[2 * i] ?? 0) * grid) >> 16);
  await inTurns(n, (start, end) => {
    for (let i = start; i < end; i++) {
      const next = cellOf(i) + 1;
      cells[next] = (cells[next] ?? 0) + 1;
    }
  });
  for (let c = 1; c < cells.length; c++) cells[c] = (cells[c] ?? 0) + (cells[c - 1] ?? 0);
  const free = cells.slice();
  const order = new Uint32Array(n);
  const sorted = new Uint16Array(2 * n);
  const rows = rowsOf(n, placed);
  await inTurns(n, (start, end) => {
    for (let i = start; i < end; i++) {
      const c = cellOf(i);
      const place = free[c] ?? 0;
      free[c] = place + 1;
      order[place] = rows === null ? i : (rows[i] ?? 0);
      sorted[2 * place] = xy[2 * i] ?? 0;
      sorted[2 * place + 1] = xy[2 * i + 1] ?? 0;
    }
  });
  // Data sorted by label would else paint its last label on top, and every k-th point be no even sample.
  await inTurns(grid * grid, (start, end) => shuffle(start, end, cells, order, sorted));
  return { ...result, grid, order, xy: sorted, cells, placeOf: finder(order) };
}

/** In a scope of its own: from within `arrange` it would keep the points as they came. */
const finder = (order: Uint32Array) => (ordinal: number) => order.indexOf(ordinal);

/** The rows that have a place, ascending; null where all have. */
export function rowsOf(n: number, placed: ArrayLike<number> | undefined): Uint32Array | null {
  if (placed === undefined) return null;
  const rows = new Uint32Array(n);
  for (let row = 0, i = 0; i < n && row >> 3 < placed.length; row++) {
    if (((placed[row >> 3] ?? 0) >> (row & 7)) & 1) rows[i++] = row;
  }
  return rows;
}

async function inTurns(n: number, work: (start: number, end: number) => void): Promise<void> {
  for (let start = 0; start < n; start += AT_ONCE) {
    if (start > 0) await new Promise((resolve) => setTimeout(resolve));
    work(start, Math.min(n, start + AT_ONCE));
  }
}

/** Brings the points of each cell into an order that is random, and the same each time. */
function shuffle(start: number, end: number, cells: Uint32Array, order: Uint32Array, xy: Uint16Array): void {
  let seed = start;
  for (let c = start; c < end; c++) {
    const first = cells[c] ?? 0;
    for (let i = (cells[c + 1] ?? 0) - 1; i > first; i--) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      // The upper bits are the random ones.
      const k = first + Math.floor((seed / 2 ** 32) * (i + 1 - first));
      swap(order, i, k);
      swap(xy, 2 * i, 2 * k);
      swap(xy, 2 * i + 1, 2 * k + 1);
    }
  }
}

function swap(array: Uint32Array | Uint16Array, a: number, b: number): void {
  const kept = array[a] ?? 0;
  array[a] = array[b] ?? 0;
  array[b] = kept;
}
