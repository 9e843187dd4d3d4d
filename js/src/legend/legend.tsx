import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { ViewState } from "../host/view";
import { Icon } from "../styles/parts";
import { CategoryLegend } from "./category";
import { NumberLegend } from "./number";

/** What the colours of the map mean, and a way to select by them. */
export function Legend({ view }: { view: ViewState }) {
  const open = useSignal(true);
  const body = useId();
  const coloring = view.coloring.value;
  if (coloring === null) return null;
  const { result } = coloring;
  const name = view.store.state.value?.columns.find((c) => c.name === result.column);
  return (
    <section class="dl-legend" aria-label="Legend" data-kind={result.kind} data-open={open.value}>
      <h3 class="dl-legend-title">
        <button
          type="button"
          aria-expanded={open.value}
          aria-controls={body}
          title={open.value ? "Fold the legend" : "Unfold the legend"}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <span class="dl-clip">{result.column}</span>
          {name?.derived && <span class="dl-derived" title="computed by DataLens" />}
          <Icon name={open.value ? "down" : "up"} />
        </button>
      </h3>
      <div id={body} class="dl-legend-body" hidden={!open.value}>
        {result.kind === "number" ? (
          <NumberLegend key={result.column} view={view} result={result} />
        ) : (
          <CategoryLegend key={result.column} view={view} result={result} />
        )}
      </div>
    </section>
  );
}
