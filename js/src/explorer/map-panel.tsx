import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { ViewState } from "../host/view";
import { Legend } from "../legend/legend";
import { MapView } from "../map/map";
import { useWide } from "../styles/wide";
import { InWords } from "./in-words";

/** The map with its legend beside it: the legend takes room of its own and hides no point. */
export function MapPanel({ view, map }: { view: ViewState; map: RefObject<MapView | null> }) {
  const panel = useRef<HTMLDivElement>(null);
  const surface = useRef<HTMLDivElement>(null);
  useWide(panel, 620);
  useEffect(() => {
    if (surface.current === null) return;
    const made = new MapView(surface.current, view);
    map.current = made;
    return () => {
      map.current = null;
      made.destroy();
    };
  }, [view, map]);
  const state = view.store.state.value;
  return (
    <div class="dl-map-panel" ref={panel}>
      <div class="dl-map-grid">
        <div class="dl-map-home">
          <div class="dl-map-slot" ref={surface} />
          <InWords view={view} />
          {state === null && <p class="dl-empty dl-over">asking the kernel</p>}
          {state !== null && state.map === null && (
            <p class="dl-empty dl-over">
              There is no map yet. Run <code>lens.project()</code> in a cell, and it appears here.
            </p>
          )}
        </div>
        <Legend view={view} />
      </div>
    </div>
  );
}
