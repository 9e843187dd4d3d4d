import { CODE_FIRST, type ColorResult, NUMBER_STEPS } from "../host/protocol";
import type { Order } from "../host/view";

/** Points that are drawn over those of the passes before. */
export interface Pass {
  /** The first code, and how many from there on; after the last one comes the first. */
  span: [number, number];
  /** Of all points. */
  share: number;
  /** How many times as large as the first its points may be. */
  most: number;
}

/** In each pass all points are looked at: more would cost more than they show. */
const PASSES_MAX = 4;
/** So small a part of the numbers that are left, or so much rarer a category, comes upon the rest. */
const UPPERMOST = 1 / 4;

/** Few points of a rare category would be lost among many, however much they lie on top. */
const RARE_GROWTH = 2;
const CODES = 65536;

/** The orders that a column has. */
export function ordersOf(result: ColorResult | null | undefined): Order[] {
  if (!result) return ["random"];
  return result.kind === "number" ? ["random", "high values", "low values"] : ["random", "rare values"];
}

/** Splits points such that what is uppermost in this order is drawn last. Codes rise with values and with rarity. */
export function passesOf(result: ColorResult | null | undefined, order: Order): Pass[] {
  const passes: Pass[] = [];
  const isNumber = result?.kind === "number";
  const counts = isNumber ? [...result.counts] : (result?.values.map(({ count }) => count) ?? []);
  const isDown = order === "low values";
  if (isDown) counts.reverse();
  const total = counts.reduce((a, b) => a + b, 0);
  // What has no value lies below all else, also where that goes down.
  let from = isDown ? CODES + CODE_FIRST : 0;
  let [since, left] = [total, total];
  // Of categories that are about as frequent none is to hide the others.
  let most = isNumber ? total : (counts[0] ?? 0);
  const close = (to: number) => {
    passes.push({
      span: [Math.min(from, to), Math.abs(to - from)],
      share: (since - left) / total,
      most: isNumber ? 1 : RARE_GROWTH,
    });
    from = to;
    since = left;
  };
  if (ordersOf(result).indexOf(order) > 0) {
    for (const [i, count] of counts.entries()) {
      const weight = isNumber ? left : count;
      if (weight && weight <= most * UPPERMOST && passes.length < PASSES_MAX - 1) {
        most = weight;
        close(CODE_FIRST + (isDown ? counts.length - i : i) * (isNumber ? NUMBER_STEPS / counts.length : 1));
      }
      left -= count;
    }
  }
  left = 0;
  close(isDown ? CODE_FIRST : CODES);
  return passes;
}
