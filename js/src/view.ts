// The few lines that each view carries: all else is the hub's, of which a lens has one.
import type { Host, RenderProps } from "@anywidget/types";
import type { HubExports, ViewTraits } from "./hub";

/** Hosts older than anywidget 0.11 hand over no `host` and no `signal`. */
type Props = Omit<RenderProps<ViewTraits>, "host" | "signal"> & { host?: Host; signal?: AbortSignal };

function say(el: HTMLElement, sentence: string): void {
  el.textContent = sentence;
  el.setAttribute("role", "status");
}

export default {
  async render({ model, el, signal, host }: Props): Promise<(() => void) | undefined> {
    if (!host) {
      say(el, "This page can't link DataLens's views: it needs anywidget 0.11 or newer.");
      return undefined;
    }
    let hub: HubExports;
    try {
      hub = (await host.getWidget<HubExports>(model.get("hub"))).exports;
    } catch {
      say(el, "DataLens has no kernel to ask here. Run the notebook's cells again to bring this view back.");
      return undefined;
    }
    if (signal?.aborted) return undefined;
    return hub.mount(model, el);
  },
};
