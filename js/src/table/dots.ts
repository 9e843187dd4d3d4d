import { computed, type ReadonlySignal } from "@preact/signals";
import { CODE_FIRST, CODE_NOT_COMPUTED, CODE_NULL, NUMBER_STEPS } from "../host/protocol";
import type { Coloring, ViewState } from "../host/view";
import { missingColor, ramp, valueColor } from "../map/palette";

/** The colour a row has on the map. */
export type ColorOf = (ordinal: number) => string;

/** The map's colours for the table; null while the map has one colour only. */
export function dots(view: ViewState): ReadonlySignal<ColorOf | null> {
  return computed(() => {
    const coloring = view.coloring.value;
    if (coloring === null) return null;
    const dark = view.dark.value;
    return (ordinal) => colorOfCode(coloring, coloring.codes[ordinal] ?? CODE_NULL, dark);
  });
}

function colorOfCode({ result }: Coloring, code: number, dark: boolean): string {
  if (code === CODE_NULL) return missingColor("null", dark);
  if (code === CODE_NOT_COMPUTED) return missingColor("not computed", dark);
  if (code < CODE_FIRST) return missingColor("other", dark);
  const at = code - CODE_FIRST;
  if (result.kind === "number") return ramp(at / NUMBER_STEPS, dark, result.scale);
  const value = result.values[at];
  return value ? valueColor(value, at, dark) : missingColor("other", dark);
}
