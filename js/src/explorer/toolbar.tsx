import type { ColorResult } from "../host/protocol";
import type { Tool, ViewState } from "../host/view";
import { count, sampleOf } from "../styles/format";
import { Button } from "../styles/parts";
import { Looks } from "./looks";
import { SavePicture } from "./picture";
import { Search } from "./search";
import { Status } from "./status";

const TOOLS: readonly (readonly [Tool, string, string])[] = [
  ["pan", "Pan", "V"],
  ["lasso", "Lasso", "L"],
  ["box", "Box", "B"],
];
// No column has this name: it stands for none in the select.
const NONE = "\u0000";

interface Props {
  view: ViewState;
  onFit: () => void;
  onFitSelection: () => void;
  onPicture: (scale: number) => void;
  onHelp: () => void;
}

export function Toolbar({ view, onFit, onFitSelection, onPicture, onHelp }: Props) {
  const state = view.store.state.value;
  const some = (state?.selection.clauses.length ?? 0) > 0;
  return (
    <div class="dl-toolbar">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame of its own */}
      <div class="dl-segments" role="group" aria-label="Tool">
        {TOOLS.map(([tool, label, hint]) => (
          <Button
            key={tool}
            icon={tool}
            label={label}
            hint={hint}
            pressed={view.tool.value === tool}
            onClick={() => {
              view.tool.value = tool;
            }}
          />
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: as above */}
      <div class="dl-segments" role="group" aria-label="View">
        <Button icon="fit" label="Fit all" hint="F" onClick={onFit} />
        <Button icon="zoom" label="Fit the selection" disabled={!some} onClick={onFitSelection} />
        <Button
          icon="names"
          label="Names on the map"
          hint="M"
          pressed={view.names.value}
          onClick={() => {
            view.names.value = !view.names.peek();
          }}
        />
      </div>
      <Looks view={view} />
      <SavePicture onPicture={onPicture} />
      <Search store={view.store} />
      <ColorBy view={view} />
      <Status store={view.store} />
      <Count view={view} />
      <Button class="dl-worded dl-help-button" label="Keys" hint="?" onClick={onHelp}>
        ?
      </Button>
    </div>
  );
}

/** "1,204 of 48,210": announced, because every gesture ends in it. A sample says that it is one. */
export function Count({ view }: { view: ViewState }) {
  const state = view.store.state.value;
  const selection = state?.selection;
  return (
    <output
      class="dl-total"
      aria-live="polite"
      aria-label="Selected"
      title={sampleOf(state)}
      data-sample={Boolean(state?.sample)}
    >
      {selection && (
        <>
          <b>{count(selection.count)}</b> of {count(selection.total)}
          {state?.saved ? " saved" : state?.sample && ` sampled ${selection.total === 1 ? "row" : "rows"}`}
          <span class="dl-hidden">{state?.saved && " rows"} selected</span>
        </>
      )}
    </output>
  );
}

function ColorBy({ view }: { view: ViewState }) {
  const columns = view.store.state.value?.columns ?? [];
  const color = view.color.value;
  const result = view.coloring.value?.result ?? null;
  // A vector has no colour of its own; every other column has.
  const shown = columns.filter((column) => column.kind !== "vector" || column.name === color);
  return (
    <div class="dl-color-by">
      <label>
        <span>color</span>
        <select
          class="dl-select"
          aria-label="Color"
          value={color ?? NONE}
          onChange={(event) => {
            const name = event.currentTarget.value;
            view.scale.value = null;
            view.color.value = name === NONE ? null : name;
          }}
        >
          <option value={NONE}>one color</option>
          {shown.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <ScaleOf view={view} result={result?.column === color ? result : null} />
    </div>
  );
}

/** Keeps its room where there is no scale to choose, so that the toolbar stands still. */
function ScaleOf({ view, result }: { view: ViewState; result: ColorResult | null }) {
  const scales = result?.kind === "number" ? result.scales : [];
  return (
    <label class="dl-scale" data-none={scales.length === 0}>
      <span>scale</span>
      <select
        class="dl-select"
        aria-label="Scale"
        value={result?.kind === "number" ? result.scale : ""}
        onChange={(event) => {
          view.scale.value = scales[event.currentTarget.selectedIndex] ?? null;
        }}
      >
        {scales.map((scale) => (
          <option key={scale} value={scale}>
            {scale}
          </option>
        ))}
      </select>
    </label>
  );
}
