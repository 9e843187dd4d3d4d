import { CODE_FIRST, NUMBER_STEPS } from "../host/protocol";
import type { Coloring } from "../host/view";

/** Of a byte a point: that of a plain one. */
export const PLAIN_SIZE = 64;

/** How many times as large as a plain one a point of this byte is; the shader has the same numbers. */
export function sizeFactor(byte = PLAIN_SIZE): number {
  return 0.6 + byte / 160;
}

/** No point is larger than a plain one so many times. */
export const LARGEST = sizeFactor(255);

/** A byte a point, larger for larger values; what has no value has the least. */
export function sizesOf({ result, codes }: Coloring): Uint8Array {
  // Codes of numbers rise with them already.
  if (result.kind === "number") return Uint8Array.from(codes);
  const ranked = result.values.map(({ value }, i) => [Number(value), CODE_FIRST + i] as const);
  const bytes: number[] = [];
  for (const [rank, [, code]] of ranked.sort((a, b) => a[0] - b[0]).entries()) {
    bytes[code] = CODE_FIRST + (NUMBER_STEPS * rank) / (ranked.length - 1 || 1);
  }
  return Uint8Array.from(codes, (code) => bytes[code] ?? 0);
}
