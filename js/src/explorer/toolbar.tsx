import type { Tool, ViewState } from "../host/view";
import { count, sampleOf } from "../styles/format";
import { Button } from "../styles/parts";
import { namesOf, Select } from "../styles/select";
import { Looks } from "./looks";
import { SavePicture } from "./picture";
import { Search } from "./search";
import { Status } from "./status";

const TOOLS: readonly (readonly [Tool, string, string])[] = [
  ["pan", "Pan", "V"],
  ["lasso", "Lasso", "L"],
  ["box", "Box", "B"],
];

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
  const color = view.color.value;
  const result = view.coloring.value?.result ?? null;
  const number = result?.column === color && result?.kind === "number" ? result : null;
  return (
    <div class="dl-color-by">
      {/* biome-ignore lint/a11y/noLabelWithoutControl: there is a select in it */}
      <label>
        <span>color</span>
        <Select
          label="Color"
          none="one color"
          value={color}
          // A vector has no colour of its own; every other column has.
          options={namesOf(view.store.state.value?.columns, color, ({ kind }) => kind !== "vector")}
          onPick={(name) => {
            view.scale.value = null;
            view.color.value = name;
          }}
        />
      </label>
      {/* Keeps its room where there is no scale to choose, so that the toolbar stands still. */}
      {/* biome-ignore lint/a11y/noLabelWithoutControl: as above */}
      <label class="dl-scale" data-none={number === null}>
        <span>scale</span>
        <Select
          label="Scale"
          value={number?.scale ?? null}
          options={number?.scales ?? []}
          onPick={(scale) => {
            view.scale.value = scale;
          }}
        />
      </label>
    </div>
  );
}
