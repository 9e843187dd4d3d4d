import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { pressed } from "../host/keys";
import type { ViewState } from "../host/view";
import type { CategoryResult } from "../legend/category";
import { named, picking } from "../legend/picking";
import { LegendRow } from "../legend/row";
import { valueColor } from "../map/palette";
import { whereabouts } from "../map/whereabouts";
import { count, plural } from "../styles/format";
import { reveal } from "../styles/reveal";

/** More are no longer listened to; the legend has them all. */
const MOST = 50;
/** Places among more points take a while: they are looked for when somebody comes to them. */
const MANY = 1_000_000;

/**
 * The map for those who don't see it: what is on it, and its categories with their counts and places. Nobody sees it
 * until a key brings the focus there.
 */
export function InWords({ view }: { view: ViewState }) {
  const box = useRef<HTMLDivElement>(null);
  /** The category that Tab comes to. */
  const at = useSignal(0);
  const entered = useSignal(false);
  const state = view.store.state.value;
  if (!state?.map) return null;
  const { selection, map } = state;
  const color = view.color.value;
  const result = view.coloring.value?.result;
  const list = result?.kind === "category" && result.column === color ? result : null;
  const values = list ? list.values.length + list.other.values : 0;
  const walk = (by: number) => () => {
    const rows = box.current?.querySelectorAll("button");
    if (!rows?.length) return false;
    at.value = Math.min(rows.length - 1, Math.max(0, at.peek() + by));
    const row = rows[at.peek()];
    if (box.current && row) {
      row.focus({ preventScroll: true });
      reveal(box.current, row);
    }
    return true;
  };
  const onKeyDown = (event: KeyboardEvent) =>
    pressed("words", event, { previous: walk(-1), next: walk(1), first: walk(-MOST), last: walk(MOST) });
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame of its own
    <div
      ref={box}
      class="dl-words"
      role="group"
      aria-label="Map in words"
      tabIndex={list ? -1 : 0}
      onKeyDown={onKeyDown}
      onFocusCapture={() => {
        entered.value = true;
      }}
    >
      <p>
        {plural(map.placed, "point")}, {count(selection.count)} of {plural(selection.total, "row")} selected,{" "}
        {color === null ? "in one color" : `colored by ${color}`}
        {list && `: ${values > MOST ? `the first ${MOST} of ` : ""}${plural(values, "value")}`}
      </p>
      {list && (
        <Categories
          view={view}
          result={list}
          at={Math.min(at.value, list.values.length - 1)}
          entered={entered.value}
        />
      )}
    </div>
  );
}

interface Props {
  view: ViewState;
  result: CategoryResult;
  /** The row that Tab comes to. */
  at: number;
  /** The focus was here. */
  entered: boolean;
}

function Categories({ view, result, at, entered }: Props) {
  const { store } = view;
  const places = useSignal<string[]>([]);
  const { selectedOf, isPicked, pick } = picking(store, result.column);
  const codes = view.coloring.value?.codes;
  const asked = entered || (codes?.length ?? 0) <= MANY;
  useEffect(() => {
    if (!asked) return;
    let late = false;
    store.points().then(
      (points) => {
        if (!late && points.version === result.points && codes)
          places.value = whereabouts(points, codes, Math.min(MOST, result.values.length));
      },
      () => {}, // the map says it itself
    );
    return () => {
      late = true;
    };
  }, [store, codes, asked]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: notebooks have rules of their own for lists
    <div role="list">
      {result.values.slice(0, MOST).map((entry, i) => {
        const selected = selectedOf(entry);
        return (
          // biome-ignore lint/a11y/useSemanticElements: as above
          <div key={i} role="listitem">
            <LegendRow
              label={named(entry)}
              swatch={valueColor(entry, i, view.dark.value)}
              total={entry.count}
              selected={selected}
              pressed={isPicked(entry.value)}
              tabIndex={at === i ? 0 : -1}
              onPick={(toggle) => pick(entry.value, toggle)}
            >
              {selected !== null && <span class="dl-hidden">selected</span>}
              <span class="dl-muted">{places.value[i]}</span>
            </LegendRow>
          </div>
        );
      })}
    </div>
  );
}
