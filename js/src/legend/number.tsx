import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { ViewState } from "../host/view";
import { ramp } from "../map/palette";
import { drag } from "../styles/drag";
import { count } from "../styles/format";
import { Missing } from "./category";
import { columnPredicate } from "./picked";
import { moved, type NumberResult, type Range, rangeFrom, rangePredicate, rangeText, snapped } from "./range";

// A handle held down steps often; the kernel hears of where it rests.
const KEY_REST_MS = 150;
// Pixels from a handle within which a press takes hold of it.
const GRIP = 5;

/** The histogram is the legend: its bars have the map's colours, and a drag over it is a clause. */
export function NumberLegend({ view, result }: { view: ViewState; result: NumberResult }) {
  const { store } = view;
  const plot = useRef<HTMLDivElement>(null);
  const draft = useSignal<Range | null>(null);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  const bins = result.counts.length;
  const source = `column:${result.column}` as const;
  const predicate = columnPredicate(store.state.value, result.column);
  const nulls = predicate?.op === "is_null";
  const kept = rangeFrom(result, predicate);
  const range = draft.value ?? kept;

  useEffect(() => () => clearTimeout(rest.current), []);
  // The draft gives way once the kernel has answered.
  useEffect(() => {
    draft.value = null;
  }, [predicate]);

  const commit = (next: Range | null) => {
    draft.value = next;
    store.setClause(source, next && rangePredicate(result, next));
  };

  const press = (event: PointerEvent) => {
    const el = plot.current;
    if (!el || event.button !== 0) return;
    const box = el.getBoundingClientRect();
    const binOf = (e: PointerEvent) => ((e.clientX - box.left) / box.width) * bins;
    const start = binOf(event);
    const hold = holdOf(range, start, (GRIP / box.width) * bins);
    let changed = false;
    const move = (e: PointerEvent) => {
      const now = binOf(e);
      if (!changed && Math.abs(e.clientX - event.clientX) < 3) return;
      changed = true;
      if (hold === "new" || range === null) draft.value = snapped(start, now, bins);
      else if (hold === "move") draft.value = moved(range, Math.round(now - start), bins);
      else draft.value = snapped(hold === "low" ? range.high : range.low, now, bins);
    };
    drag(el, event, move, () => {
      if (changed) commit(draft.value);
      else if (hold === "new" && kept !== null) commit(null);
    });
  };

  const step = (end: "low" | "high", to: number) => {
    const from = range ?? { low: 0, high: bins };
    const next = { low: Math.round(from.low), high: Math.round(from.high) };
    if (end === "low") next.low = Math.min(next.high - 1, Math.max(0, to));
    else next.high = Math.max(next.low + 1, Math.min(bins, to));
    draft.value = next;
    clearTimeout(rest.current);
    rest.current = setTimeout(() => commit(next), KEY_REST_MS);
  };

  const words = draft.value
    ? rangeText(rangePredicate(result, draft.value))
    : kept && predicate
      ? rangeText(predicate)
      : "";
  const tallest = Math.max(1, ...result.counts);
  const at = range ?? { low: 0, high: bins };
  const label = (i: number) => readable(result.edgeLabels[Math.round(i)] ?? "", result);
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the sliders inside are its keys */}
      <div
        ref={plot}
        class="dl-histogram"
        data-brushed={range !== null}
        title="Drag to select a range, click beside it to clear"
        onPointerDown={press}
        onDblClick={() => range && commit(null)}
      >
        {result.counts.map((total, i) => {
          const inside = i + 1 > at.low + 1e-9 && i < at.high - 1e-9;
          const selected = result.selected[i] ?? 0;
          const name = `${label(i)} to ${label(i + 1)}: ${count(selected)} of ${count(total)}`;
          return (
            <div key={i} class="dl-bin" data-outside={!inside} title={name}>
              <div class="dl-bar-all" style={{ height: `${height(total, tallest)}%` }} />
              <div
                class="dl-bar"
                style={{
                  height: `${height(selected, tallest)}%`,
                  background: ramp(bins > 1 ? i / (bins - 1) : 0.5, view.dark.value, result.scale),
                }}
              />
            </div>
          );
        })}
        <Handle end="low" at={at.low} bins={bins} text={label(at.low)} column={result.column} onStep={step} />
        <Handle
          end="high"
          at={at.high}
          bins={bins}
          text={label(at.high)}
          column={result.column}
          onStep={step}
        />
      </div>
      <div class="dl-ends">
        <span>{readable(result.labels[0], result)}</span>
        <span class="dl-null">{result.scale === "linear" ? "" : result.scale}</span>
        <span>{readable(result.labels[1], result)}</span>
      </div>
      <div class="dl-range">{words || "drag to select a range"}</div>
      <div class="dl-legend-rows">
        <Missing
          result={result}
          dark={view.dark.value}
          nulls={nulls}
          some={nulls}
          onPick={() => store.setClause(source, nulls ? null : { op: "is_null", column: result.column })}
        />
      </div>
    </>
  );
}

/** ISO text has a T between day and time. */
function readable(text: string, { format }: NumberResult): string {
  return format === "datetime" ? text.replace("T", " ") : text;
}

/** A few rows beside thousands must still be seen: two percent at least. */
function height(rows: number, tallest: number): number {
  return rows === 0 ? 0 : Math.max(2, (rows / tallest) * 100);
}

function holdOf(range: Range | null, at: number, grip: number): "low" | "high" | "move" | "new" {
  if (range === null) return "new";
  if (Math.abs(at - range.low) <= grip) return "low";
  if (Math.abs(at - range.high) <= grip) return "high";
  return at > range.low && at < range.high ? "move" : "new";
}

interface HandleProps {
  end: "low" | "high";
  at: number;
  bins: number;
  text: string;
  column: string;
  onStep: (end: "low" | "high", to: number) => void;
}

function Handle({ end, at, bins, text, column, onStep }: HandleProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const now = Math.round(at);
    const to = {
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      Home: 0,
      End: bins,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onStep(end, to);
  };
  return (
    <div
      class="dl-handle"
      role="slider"
      tabIndex={0}
      aria-label={`${column} ${end === "low" ? "from" : "to"}`}
      aria-valuemin={0}
      aria-valuemax={bins}
      aria-valuenow={Math.round(at)}
      aria-valuetext={text}
      style={{ left: `${(at / bins) * 100}%` }}
      onKeyDown={onKeyDown}
    />
  );
}
