import type { LensState, Mode, PredicateJson } from "../host/protocol";
import { isSelected, type Points } from "../host/store";
import type { Vertex } from "./overlay";

export interface Flags {
  /** A bit a point, in grid order; null while everything is selected. */
  bits: Uint8Array | null;
  /** Points selected. */
  count: number;
}

/** From the kernel's mask (bits in the order of rows) to flags in grid order. */
export function flagsOf({ n, order }: Points, mask: Uint8Array | null): Flags {
  return mask === null ? { bits: null, count: n } : flagged(n, (at) => isSelected(mask, order[at] ?? 0));
}

/**
 * What the selection will most likely be once the kernel knows of a shape. A mode acts inside the map's own clause, and
 * without one the shape becomes it; what other clauses leave out stays out where that can be told from here.
 */
export function combine({ bits }: Flags, shape: Uint8Array, mode: Mode, hasClause: boolean): Flags {
  return flagged(shape.length, (at) => keeps(isSelected(bits, at), shape[at] === 1, mode, hasClause));
}

function flagged(n: number, test: (at: number) => boolean): Flags {
  const bits = new Uint8Array(bytesFor(n));
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (!test(i)) continue;
    (bits[i >> 3] as number) |= 1 << (i & 7);
    count++;
  }
  return { bits, count };
}

/** How many bytes hold a bit for each of `n`. */
export const bytesFor = (n: number): number => (n + 7) >> 3;

function keeps(before: boolean, inside: boolean, mode: Mode, hasClause: boolean): boolean {
  if (mode === "subtract") return before && !inside;
  if (mode === "intersect" || !hasClause) return before && inside;
  return mode === "add" ? before || inside : inside;
}

/** Places are looked at in blocks of so many: a draw call costs about as much as half of that. */
const BLOCK = 4096;

/** Of ranges of places [start, end, ...] the parts, in whole blocks, where a point is selected, or one isn't. */
export function withFlag(runs: readonly number[], bits: Uint8Array, flag: boolean): number[] {
  const found: number[] = [];
  const others = flag ? 0 : 255;
  for (let k = 0; k + 1 < runs.length; k += 2) {
    const last = runs[k + 1] ?? 0;
    for (let start = runs[k] ?? 0; start < last; start += BLOCK) {
      const end = Math.min(start + BLOCK, last);
      let at = start;
      // Eight of the other kind are passed in one step.
      while (at < end && isSelected(bits, at) !== flag) at += at & 7 || bits[at >> 3] !== others ? 1 : 8;
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
