import type { Points } from "../host/store";
import { densePlaces } from "./names";

const WORDS = [
  ["lower left", "bottom", "lower right"],
  ["left", "centre", "right"],
  ["upper left", "top", "upper right"],
] as const;
// Steps that a third of an axis has.
const THIRD = 65536 / 3;

/** Says in words where on the whole map each of the first categories lies: where it is densest. */
export function whereabouts(points: Points, codes: Uint8Array | Uint16Array, categories: number): string[] {
  const { middles, counts } = densePlaces(points, codes, categories);
  // What has no point on the map lies nowhere.
  return Array.from(counts, (n, k) =>
    n === 0 ? "not on the map" : (WORDS[third(middles[2 * k + 1])]?.[third(middles[2 * k])] ?? ""),
  );
}

function third(steps = 0): number {
  return Math.floor(steps / THIRD);
}
