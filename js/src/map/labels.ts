import { CODE_FIRST, CODE_NOT_COMPUTED, CODE_NULL, type ColorResult } from "../host/protocol";
import { missingColor, valueColor } from "./palette";
import type { TipLabel } from "./tooltip";

/** What a point's colour says, for its tooltip; null for numbers, whose codes know them too roughly to be quoted. */
export function labelOf(result: ColorResult, code: number, dark: boolean): TipLabel | null {
  if (code === CODE_NULL) return { color: missingColor("null", dark), text: `${result.column}: no value` };
  if (code === CODE_NOT_COMPUTED) {
    return { color: missingColor("not computed", dark), text: `${result.column}: not computed` };
  }
  if (result.kind === "number") return null;
  const index = code - CODE_FIRST;
  const value = result.values[index];
  if (value === undefined) {
    return { color: missingColor("other", dark), text: `${result.column}: one of the rarer values` };
  }
  return { color: valueColor(value, index, dark), text: value.label };
}
