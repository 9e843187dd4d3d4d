import type { LensState, Mode, PredicateJson } from "../host/protocol";
import type { Points } from "../host/store";
import type { Vertex } from "./overlay";

/** Bit 0 of a point's flags. */
export const SELECTED = 1;

export interface Flags {
  /** In grid order; null while everything is selected. */
  bytes: Uint8Array | null;
  /** Points selected. */
  count: number;
}

/** From the kernel's mask (bits in the order of rows) to flags in grid order. */
export function flagsOf(points: Points, mask: Uint8Array | null): Flags {
  const { n, order } = points;
  if (mask === null) return { bytes: null, count: n };
  const bytes = new Uint8Array(n);
  let count = 0;
  for (let i = 0; i < n; i++) {
    const row = order[i] ?? 0;
    const bit = ((mask[row >> 3] ?? 0) >> (row & 7)) & 1;
    bytes[i] = bit;
    count += bit;
  }
  return { bytes, count };
}

/**
 * What the selection will most likely be once the kernel knows of a shape. A mode acts inside the map's own clause, and
 * without one the shape becomes it; what other clauses leave out stays out where that can be told from here.
 */
export function combine(now: Flags, shape: Uint8Array, mode: Mode, hasClause: boolean): Flags {
  const bytes = new Uint8Array(shape.length);
  let count = 0;
  for (let i = 0; i < shape.length; i++) {
    const inside = shape[i] === 1;
    const before = now.bytes === null || ((now.bytes[i] ?? 0) & SELECTED) === SELECTED;
    const after = keeps(before, inside, mode, hasClause);
    if (after) {
      bytes[i] = SELECTED;
      count++;
    }
  }
  return { bytes, count };
}

function keeps(before: boolean, inside: boolean, mode: Mode, hasClause: boolean): boolean {
  if (mode === "subtract") return before && !inside;
  if (mode === "intersect" || !hasClause) return before && inside;
  return mode === "add" ? before || inside : inside;
}

/** Places are looked at in blocks of so many: a draw call costs about as much as half of that. */
const BLOCK = 4096;

/** Of ranges of places [start, end, ...] the parts, in whole blocks, where a point is selected (1), or one isn't (0). */
export function withFlag(runs: readonly number[], flags: Uint8Array, flag: 0 | 1): number[] {
  const found: number[] = [];
  let at = -1;
  for (let k = 0; k + 1 < runs.length; k += 2) {
    const last = runs[k + 1] ?? 0;
    for (let start = runs[k] ?? 0; start < last; start += BLOCK) {
      const end = Math.min(start + BLOCK, last);
      if (at < start) at = flags.indexOf(flag, start);
      if (at < 0) return found;
      if (at >= end) continue;
      if (found.at(-1) === start) found[found.length - 1] = end;
      else found.push(start, end);
    }
  }
  return found;
}

/** Outlines of the shapes that the map's own clause is made of, as far as they were drawn on this map. */
export function outlinesOf(state: LensState | null): Vertex[][] {
  const clause = state?.selection.clauses.find((one) => one.source === "map");
  const map = state?.map;
  if (map === null || map === undefined || clause === undefined || clause.predicate === null) return [];
  // A note says that it is no longer what was drawn.
  if (clause.note !== null) return [];
  const found: Vertex[][] = [];
  const walk = (node: PredicateJson): void => {
    if (node.op === "inside" && node.x === map.x && node.y === map.y) found.push(node.polygon);
    else if (node.op === "not" || node.op === "and" || node.op === "or") [node.of].flat().forEach(walk);
  };
  walk(clause.predicate);
  return found;
}
