import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import { CODE_FIRST, CODE_NOT_COMPUTED, CODE_NULL, NUMBER_STEPS } from "../host/protocol";
import type { Points } from "../host/store";
import type { Coloring, ViewState } from "../host/view";
import { missingColor, ramp, valueColor } from "../map/palette";

/** The colour a row has on the map; null where it isn't on it. */
export type ColorOf = (ordinal: number) => string | null;

/** The map's colours for the table; null while the map has one colour only. */
export function dots(view: ViewState): { colorOf: ReadonlySignal<ColorOf | null>; stop: () => void } {
  const points = signal<Points | null>(null);
  const version = computed(() => view.coloring.value?.result.points ?? null);
  const stop = effect(() => {
    if (version.value === null) return;
    view.store.points().then(
      (fetched) => {
        points.value = fetched;
      },
      // The map says what is wrong with the points; the table does without dots.
      () => undefined,
    );
  });
  const colorOf = computed((): ColorOf | null => {
    const coloring = view.coloring.value;
    const at = points.value;
    if (coloring === null || at === null || at.version !== coloring.result.points) return null;
    const dark = view.dark.value;
    return (ordinal) => {
      const place = at.placeOf(ordinal);
      return place < 0 ? null : colorOfCode(coloring, coloring.codes[place] ?? CODE_NULL, dark);
    };
  });
  return { colorOf, stop };
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
