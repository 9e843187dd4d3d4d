import type { AnyModel } from "@anywidget/types";
import { effect } from "@preact/signals";
import { mountExplorer, mountMap, mountReader, mountSimilar, mountTable } from "./explorer/explorer";
import { KernelHost } from "./host/kernel";
import { LensHost } from "./host/lens-host";
import { LensStore } from "./host/lens-store";
import { createView, type SavedSettings } from "./host/lens-view";
import { watchLink } from "./host/link";
import type { LensState } from "./host/protocol";
import { readSample } from "./host/sample";
import type { SavedMarks } from "./host/saved";
import { hideStill } from "./host/still";
import type { ViewState } from "./host/view";

/** The traits of the hub (src/datalens/widgets/hub.py). */
interface HubTraits {
  state: LensState;
  sample: unknown;
  marks: SavedMarks;
}

/** The traits of a view (src/datalens/widgets/views.py). */
export interface ViewTraits {
  hub: string;
  kind: string;
  height: number;
  still: string;
  settings: SavedSettings;
  heard: number | null;
}

/** What the hub hands to the views of its lens; they run the hub's code, so that state is shared. */
export interface HubExports {
  mount(model: AnyModel<ViewTraits>, el: HTMLElement): () => void;
}

const MOUNTS: Record<string, (el: HTMLElement, view: ViewState) => () => void> = {
  explorer: mountExplorer,
  map: mountMap,
  table: mountTable,
  reader: mountReader,
  similar: mountSimilar,
};

export default {
  initialize({ model, signal }: { model: AnyModel<HubTraits>; signal?: AbortSignal }): HubExports {
    const kernel = new KernelHost(model);
    const host = new LensHost(kernel, {
      sample: () => readSample(model.get("sample")),
      state: () => model.get("state"),
      marks: () => model.get("marks") ?? {},
    });
    const store = new LensStore(host, model.get("state"), false);
    whenTold(model, () => {
      store.recall(model.get("state"));
      store.greet();
    });
    let watching: Promise<() => void> | null = null;
    signal?.addEventListener("abort", () => {
      host.lost("closed");
      watching?.then((end) => end());
    });
    return {
      mount(view, el) {
        watching ??= watchLink(model.widget_manager, view.get("hub"), model, kernel, host);
        const state = createView(store, view.get("settings") ?? {}, (settings) => {
          view.set("settings", settings);
          view.save_changes();
        });
        const mount = MOUNTS[view.get("kind")];
        if (!mount) throw new Error(`DataLens has no view of the kind ${view.get("kind")}.`);
        el.style.height = `${view.get("height")}px`;
        const showStill = hideStill(view.get("still"));
        el.addEventListener("dl-refused", showStill); // the map can't be drawn here
        const unmount = mount(el, state);
        const stopTelling = tellHost(view, store);
        return () => {
          showStill();
          stopTelling();
          unmount();
          state.dispose();
        };
      },
    };
  },
};

/**
 * A new hub's state comes when the kernel listens: what is asked before may go unheard. anywidget hands on no message
 * before `initialize` has returned, so this can't be waited for there.
 */
function whenTold(model: AnyModel<HubTraits>, then: () => void): void {
  const look = () => {
    if (Object.keys(model.get("state")).length === 0) return;
    model.off("change:state", look);
    then();
  };
  model.on("change:state", look);
  look();
}

/** marimo runs the cells that read a view when the browser has written a trait of it; other hosts have no use for that. */
function tellHost(view: AnyModel<ViewTraits>, store: LensStore): () => void {
  return effect(() => {
    const revision = store.state.value?.revision;
    const heard = view.get("heard");
    if (typeof heard !== "number" || revision === undefined || revision <= heard) return;
    view.set("heard", revision);
    view.save_changes();
  });
}
