import { useSignal } from "@preact/signals";
import type { ColorResult } from "../host/protocol";
import type { ViewState } from "../host/view";
import { missingColor, valueColor } from "../map/palette";
import { count } from "../styles/format";
import { named, picking } from "./picking";
import { LegendRow } from "./row";

export type CategoryResult = Extract<ColorResult, { kind: "category" }>;

// Beyond this a person searches rather than reads.
const SEARCH_FROM = 13;
// Rows put into the page at a time; two thousand buttons would make each change of the selection slow.
const STEP = 100;

export function CategoryLegend({ view, result }: { view: ViewState; result: CategoryResult }) {
  const term = useSignal("");
  const shown = useSignal(STEP);
  const { lists, others, nulls, some, isPicked, pick } = picking(view.store, result.column);

  const wanted = term.value.toLowerCase();
  const rows = result.values
    .map((entry, index) => ({
      ...entry,
      index,
      pressed: isPicked(entry.value),
    }))
    .filter((entry) => !wanted || entry.label.toLowerCase().includes(wanted));
  const visible = rows.filter((entry, at) => at < shown.value || entry.pressed);
  const more = rows.length - visible.length;

  return (
    <>
      {result.values.length >= SEARCH_FROM && (
        <input
          type="search"
          class="dl-input dl-legend-search"
          aria-label={`Find a value of ${result.column}`}
          placeholder={`Find one of ${count(result.values.length)} values`}
          value={term.value}
          onInput={(event) => {
            term.value = event.currentTarget.value;
          }}
        />
      )}
      <div class="dl-legend-rows">
        {visible.map((entry) => (
          <LegendRow
            key={entry.index}
            label={named(entry)}
            swatch={valueColor(entry, entry.index, view.dark.value)}
            total={entry.count}
            selected={others ? entry.selected : null}
            pressed={entry.pressed}
            dimmed={some && !entry.pressed}
            also={lists ? "\na row with several tags has the color of its first" : undefined}
            onPick={(toggle) => pick(entry.value, toggle)}
          />
        ))}
        {more > 0 && (
          <button
            type="button"
            class="dl-legend-row dl-link"
            onClick={() => {
              shown.value += STEP;
            }}
          >
            {count(Math.min(more, STEP))} more of {count(more)}
          </button>
        )}
        {visible.length === 0 && <div class="dl-legend-row dl-null">no such value</div>}
        {!wanted && result.other.values > 0 && (
          <LegendRow
            label={`other (${count(result.other.values)} values)`}
            swatch={missingColor("other", view.dark.value)}
            muted
            total={result.other.count}
            selected={others ? result.other.selected : null}
            pressed={false}
            dimmed={some}
          />
        )}
        {!wanted && (
          <Missing
            result={result}
            dark={view.dark.value}
            nulls={nulls}
            some={some}
            onPick={(toggle) => pick(null, toggle)}
          />
        )}
      </div>
    </>
  );
}

interface MissingProps {
  result: ColorResult;
  dark: boolean;
  /** Nulls are picked. */
  nulls: boolean;
  /** Something is picked. */
  some: boolean;
  onPick: (toggle: boolean) => void;
}

/** The rows for what has no colour: nulls can be picked, what is not computed can't. */
export function Missing({ result, dark, nulls, some, onPick }: MissingProps) {
  return (
    <>
      {result.nulls > 0 && (
        <LegendRow
          label="null"
          swatch={missingColor("null", dark)}
          muted
          total={result.nulls}
          selected={null}
          pressed={nulls}
          dimmed={some && !nulls}
          onPick={onPick}
        />
      )}
      {result.notComputed > 0 && (
        <LegendRow
          label="not computed"
          swatch={missingColor("not computed", dark)}
          muted
          total={result.notComputed}
          selected={null}
          pressed={false}
          dimmed={some}
        />
      )}
    </>
  );
}
