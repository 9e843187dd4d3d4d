import { effect, signal } from "@preact/signals";
import type { Coloring, ViewState } from "../host/view";
import { canName } from "./names";

/**
 * Tells whose categories are named on the map: those it is coloured by, else the clusters; null where names are off. The
 * codes of the clusters are asked for only where the map never had their colours.
 */
export function followNaming(view: ViewState, tell: (naming: Coloring | null) => void): () => void {
  const { store } = view;
  const answered = signal(0);
  let clusters: Coloring | null = null;
  let asked = "";
  return effect(() => {
    const [state, coloring, color] = [store.state.value, view.coloring.value, view.color.value];
    answered.value;
    if (!view.names.value || !state?.map) return tell(null);
    const column = color === null ? null : coloring?.result.column;
    if (column !== color) return undefined; // it is on its way
    const { version } = state.map;
    const ofClusters = state.columns.filter(({ role }) => role === "cluster");
    const named = ofClusters.filter(({ numeric }) => !numeric).at(-1);
    const key = JSON.stringify([named?.name, named?.version, version, state.saved]);
    if (coloring && column === named?.name && coloring.result.points === version) {
      clusters = coloring;
      asked = key;
    }
    // Clusters by their numbers are named too.
    const isNumber = named && column !== named.name && ofClusters.some(({ name }) => name === column);
    if (column && coloring && canName(coloring.result) && !isNumber) return tell(coloring);
    if (named && key !== asked) {
      asked = key;
      clusters = null;
      store.host.ask("color", { column: named.name, scale: null }).then(
        ({ result, arrays: { codes } }) => {
          if (key !== asked || !codes || codes instanceof Uint32Array) return;
          clusters = { result, codes };
          answered.value++;
        },
        () => {}, // a map without names, then
      );
    }
    return tell(named ? clusters : null);
  });
}
