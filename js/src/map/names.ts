import { CODE_FIRST, type ColorResult } from "../host/protocol";
import type { Points } from "../host/store";
import type { Camera } from "./camera";
import { isNoise } from "./palette";
import { toData } from "./places";

/** A column of more values names no places. Mirrored, as all numbers here, by src/datalens/widgets/naming.py. */
const MOST_NAMES = 300;
const CHARACTERS = 24;
/** Places are looked for in so many cells an axis, ... */
const CELLS = 64;
const SHIFT = 10;
/** ... in at most about so many points: those of a cell lie in random order. */
const ENOUGH = 1 << 19;
/** Air between two names, and between a name and the edge of the map. */
const GAP = [12, 9] as const;
const EDGE = 4;

type Categories = Extract<ColorResult, { kind: "category" }>;

/** A name of a category and where it is written. */
export interface Name {
  /** Of the category in its list. */
  index: number;
  text: string;
  /** Data units. */
  at: [number, number];
  /** Rows on the map. */
  count: number;
  /** CSS pixels. */
  size: number;
  bold: boolean;
  width: number;
  height: number;
  /** Pixels a data unit from which it is shown: nearer than this no larger category's name is in its way. */
  from: number;
}

/** A name on the screen; x and y are its middle. */
export interface Placed {
  name: Name;
  x: number;
  y: number;
}

/** Whether a column's values are so few that their names can stand on the map. */
export function canName(result: ColorResult): result is Categories {
  return result.kind === "category" && result.values.length <= MOST_NAMES && result.other.values === 0;
}

/** The names of a column's values, the most frequent first. */
export function namesOf(
  points: Points,
  codes: Uint8Array | Uint16Array,
  result: Categories,
  measure: (text: string, size: number, bold: boolean) => number,
): Name[] {
  const { middles, counts } = densePlaces(points, codes, result.values.length);
  const all = counts.reduce((sum, count) => sum + count, 0);
  const names: Name[] = [];
  for (const [index, { label }] of result.values.entries()) {
    const count = counts[index] ?? 0;
    const text = shortened(label);
    if (count === 0 || text === "" || isNoise(label)) continue;
    const share = count / all;
    const size = share > 0.1 ? 13 : share > 0.03 ? 12 : 11;
    const bold = size > 12;
    const width = measure(text, size, bold);
    const at = toData(points, middles[2 * index] ?? 0, middles[2 * index + 1] ?? 0);
    names.push({ index, text, at, count, size, bold, width, height: size + 3, from: 0 });
  }
  names.sort((a, b) => b.count - a.count);
  stagger(names);
  return names;
}

/**
 * For each category the middle of the densest place that is its own, in coordinate steps: of its points in the three
 * by three cells where their number, times their share of all that lies there, is highest. Never between two parts of a
 * category, as the mean of all would be.
 */
export function densePlaces(
  { n, xy, order }: Pick<Points, "n" | "xy" | "order">,
  codes: Uint8Array | Uint16Array,
  categories: number,
): { middles: Float64Array; counts: Uint32Array } {
  const step = Math.ceil(n / ENOUGH);
  // Of each cell, all categories in a row, then all of them together: points come cell by cell.
  const width = categories + 1;
  const own = new Uint32Array(CELLS * CELLS * width);
  const counts = new Uint32Array(categories);
  for (let i = 0; i < n; i += step) {
    const row = (((xy[2 * i + 1] ?? 0) >> SHIFT) * CELLS + ((xy[2 * i] ?? 0) >> SHIFT)) * width;
    const k = (codes[order[i] ?? 0] ?? 0) - CODE_FIRST;
    own[row + categories] = (own[row + categories] ?? 0) + 1;
    if (k < 0 || k >= categories) continue;
    own[row + k] = (own[row + k] ?? 0) + 1;
    counts[k] = (counts[k] ?? 0) + step;
  }
  const most = new Uint32Array(width);
  for (let at = 0, k = 0; at < own.length; at++, k = k === categories ? 0 : k + 1) {
    if ((own[at] ?? 0) > (most[k] ?? 0)) most[k] = own[at] ?? 0;
  }
  const best = new Int32Array(categories);
  const scores = new Float64Array(categories);
  for (let cell = 0; cell < CELLS * CELLS; cell++) {
    const all = sumAround(own, cell, categories, width);
    if (all === 0) continue;
    for (let k = 0; k < categories; k++) {
      const here = own[cell * width + k] ?? 0;
      // Of what is thin in its own cell the middle of a dense place is none.
      if (here === 0 || 2 * here < (most[k] ?? 0)) continue;
      const score = sumAround(own, cell, k, width) ** 2 / all;
      if (score <= (scores[k] ?? 0)) continue;
      scores[k] = score;
      best[k] = cell;
    }
  }
  const sums = new Float64Array(2 * categories);
  const near = new Uint32Array(categories);
  for (let i = 0; i < n; i += step) {
    const k = (codes[order[i] ?? 0] ?? 0) - CODE_FIRST;
    if (k < 0 || k >= categories) continue;
    const x = xy[2 * i] ?? 0;
    const y = xy[2 * i + 1] ?? 0;
    const cell = best[k] ?? 0;
    if (Math.abs((x >> SHIFT) - (cell % CELLS)) > 1 || Math.abs((y >> SHIFT) - ((cell / CELLS) | 0)) > 1)
      continue;
    sums[2 * k] = (sums[2 * k] ?? 0) + x;
    sums[2 * k + 1] = (sums[2 * k + 1] ?? 0) + y;
    near[k] = (near[k] ?? 0) + 1;
  }
  return { middles: sums.map((sum, i) => sum / Math.max(1, near[i >> 1] ?? 1)), counts };
}

/** Of the three by three cells about one. */
function sumAround(own: Uint32Array, cell: number, k: number, width: number): number {
  const column = cell % CELLS;
  let sum = 0;
  for (let row = cell - CELLS; row <= cell + CELLS; row += CELLS) {
    if (column > 0) sum += own[(row - 1) * width + k] ?? 0;
    sum += own[row * width + k] ?? 0;
    if (column < CELLS - 1) sum += own[(row + 1) * width + k] ?? 0;
  }
  return sum;
}

/**
 * Says from which scale on each name is shown. Names keep their size while what they name moves apart, so two of them
 * overlap up to one scale and never beyond: what is shown follows from the scale alone, panning makes nothing flicker,
 * and zooming in takes no name away.
 */
export function stagger(names: readonly Name[]): void {
  for (const [i, name] of names.entries()) {
    name.from = 0;
    for (let k = 0; k < i; k++) {
      const other = names[k];
      if (other === undefined) continue;
      const free = Math.min(
        ((name.width + other.width) / 2 + GAP[0]) / Math.abs(name.at[0] - other.at[0]),
        ((name.height + other.height) / 2 + GAP[1]) / Math.abs(name.at[1] - other.at[1]),
      );
      // Where the other one is not shown itself, it is in nobody's way.
      if (other.from < free) name.from = Math.max(name.from, free);
    }
  }
}

/** Where names stand in a view. Those at its edge are moved inside where that hides no other. */
export function place(names: readonly Name[], camera: Camera): Placed[] {
  const { width, height, scale } = camera;
  const shown: Placed[] = [];
  const moved: Placed[] = [];
  for (const name of names) {
    if (name.from > scale || name.width + 2 * EDGE > width || name.height + 2 * EDGE > height) continue;
    const [px, py] = camera.toScreen(...name.at);
    if (px < 0 || py < 0 || px > width || py > height) continue;
    const x = inward(px, name.width / 2 + EDGE, width);
    const y = inward(py, name.height / 2 + EDGE, height);
    (x === px && y === py ? shown : moved).push({ name, x, y });
  }
  for (const one of moved) if (!shown.some((other) => overlaps(one, other))) shown.push(one);
  return shown;
}

function inward(at: number, margin: number, size: number): number {
  return Math.min(size - margin, Math.max(margin, at));
}

function overlaps(a: Placed, b: Placed): boolean {
  return (
    Math.abs(a.x - b.x) < (a.name.width + b.name.width) / 2 + GAP[0] &&
    Math.abs(a.y - b.y) < (a.name.height + b.name.height) / 2 + GAP[1]
  );
}

/** A text in one line, of so many characters; where there is a word's end near, it ends there. */
export function shortened(text: string, most = CHARACTERS): string {
  const line = text
    .slice(0, 8 * most)
    .replace(/\s+/gu, " ")
    .trim();
  const letters = [...line];
  if (letters.length <= most) return line;
  return `${letters
    .slice(0, most - 1)
    .join("")
    .replace(/(?<=.{12})[\s,;]+\S*$/u, "")}…`;
}
