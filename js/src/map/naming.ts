import { effect, signal } from "@preact/signals";
import type { LensState } from "../host/protocol";
import type { Coloring, ViewState } from "../host/view";
import { canName } from "./names";

/** The column of the clusters' names; undefined where there is none. */
export function clusterNames(state: LensState) {
  return state.columns.filter(({ role, numeric }) => role === "cluster" && !numeric).at(-1);
}

/**
 * Tells whose categories are named on the map: those it is coloured by, else the clusters; null where names are off. The
 * codes of the clusters are asked for only where the map has other colours.
 */
export function followNaming(view: ViewState, tell: (naming: Coloring | null) => void): () => void {
  const { store } = view;
  const clusters = signal<Coloring | null>(null);
  let asked = "";
  return effect(() => {
    const [state, coloring, color] = [store.state.value, view.coloring.value, view.color.value];
    if (!view.names.value || !state?.map) return tell(null);
    if (color !== null && coloring?.result.column !== color) return undefined; // it is on its way
    const names = clusterNames(state);
    // Clusters by their numbers are named too.
    const isNumber = state.columns.some(
      ({ name, role, numeric }) => name === color && role === "cluster" && numeric,
    );
    if (color !== null && coloring && canName(coloring.result) && !(isNumber && names)) return tell(coloring);
    if (!names) return tell(null);
    const key = JSON.stringify([names.name, names.version, state.map.version, state.saved]);
    if (key !== asked) {
      asked = key;
      store.host.ask("color", { column: names.name, scale: null }).then(
        ({ result, arrays: { codes } }) => {
          if (key === asked && codes && !(codes instanceof Uint32Array)) clusters.value = { result, codes };
        },
        () => {}, // a map without names, then
      );
    }
    return tell(clusters.value);
  });
}
