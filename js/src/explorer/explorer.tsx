import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import type { ViewState } from "../host/view";
import { Walk } from "../host/walk";
import type { MapView } from "../map/map";
import { Where } from "../predicate/where";
import { Reader } from "../reader/reader";
import { canAsk, hasVectors } from "../similar/asking";
import { Similar } from "../similar/similar";
import { mount } from "../styles/mount";
import { Pages } from "../table/pages";
import { Table } from "../table/table";
import { MapPanel } from "./map-panel";
import { Root } from "./root";
import { Splitter } from "./splitter";
import { Toolbar } from "./toolbar";

// The map wants to be about as wide as it is high; the table wants the rest.
const MAP_SHARE = 0.48;
const TABLE_SHARE = 0.54;
// A text is read in longer lines than a list of texts is looked through.
const READER_SHARE = 0.52;

/** The explorer: map, table, reader and what is selected. Returns what takes it down. */
export function mountExplorer(el: HTMLElement, view: ViewState): () => void {
  return mount(el, <Explorer view={view} />);
}

/** The map in a cell of its own, with its toolbar and legend. */
export function mountMap(el: HTMLElement, view: ViewState): () => void {
  return mount(el, <MapAlone view={view} />);
}

/** The table in a cell of its own. */
export function mountTable(el: HTMLElement, view: ViewState): () => void {
  return mount(el, <TableAlone view={view} />);
}

/** The reader in a cell of its own. */
export function mountReader(el: HTMLElement, view: ViewState): () => void {
  return mount(el, <ReaderAlone view={view} />);
}

/** The neighbours in a cell of their own. */
export function mountSimilar(el: HTMLElement, view: ViewState): () => void {
  return mount(el, <SimilarAlone view={view} />);
}

function Explorer({ view }: { view: ViewState }) {
  const map = useRef<MapView>(null);
  const { walk, pages } = useTable(view);
  const across = useSignal(MAP_SHARE);
  const down = useSignal(TABLE_SHARE);
  const beside = useSignal(READER_SHARE);
  const fit = () => map.current?.fit();
  // Without vectors the reader has the room to itself.
  const similar = hasVectors(view.store.state.value) && canAsk(view.store);
  return (
    <Root view={view} class="dl-explorer" step={(by) => walk.step(by)} fit={fit}>
      {(help, wide) => (
        <>
          <Toolbar
            view={view}
            onFit={fit}
            onFitSelection={() => map.current?.fitSelection()}
            onPicture={(scale) => void map.current?.savePicture(scale)}
            onHelp={help}
          />
          <div class="dl-main" style={{ "--dl-across": across.value }}>
            <MapPanel view={view} map={map} />
            {/* Where the eye meets it, so that Tab does too. */}
            {!wide && <Where view={view} />}
            <Splitter label="Width of the map" orientation="vertical" share={across} />
            <div class="dl-side" style={{ "--dl-down": down.value }}>
              <Table view={view} walk={walk} pages={pages} />
              <Splitter label="Height of the table" orientation="horizontal" share={down} />
              <div class="dl-below" style={{ "--dl-beside": beside.value }} data-alone={!similar}>
                <Reader view={view} walk={walk} />
                {similar && (
                  <>
                    <Splitter label="Width of the reader" orientation="vertical" share={beside} />
                    <Similar view={view} />
                  </>
                )}
              </div>
            </div>
          </div>
          {wide && <Where view={view} />}
        </>
      )}
    </Root>
  );
}

function MapAlone({ view }: { view: ViewState }) {
  const map = useRef<MapView>(null);
  const walk = useWalk(view);
  const fit = () => map.current?.fit();
  return (
    <Root view={view} class="dl-alone dl-map-alone" step={(by) => walk.step(by)} fit={fit}>
      {(help) => (
        <>
          <Toolbar
            view={view}
            onFit={fit}
            onFitSelection={() => map.current?.fitSelection()}
            onPicture={(scale) => void map.current?.savePicture(scale)}
            onHelp={help}
          />
          <MapPanel view={view} map={map} />
        </>
      )}
    </Root>
  );
}

function TableAlone({ view }: { view: ViewState }) {
  const { walk, pages } = useTable(view);
  return (
    <Root view={view} class="dl-alone dl-table-alone" step={(by) => walk.step(by)}>
      {() => <Table view={view} walk={walk} pages={pages} />}
    </Root>
  );
}

function ReaderAlone({ view }: { view: ViewState }) {
  const walk = useWalk(view);
  return (
    <Root view={view} class="dl-alone dl-reader-alone" step={(by) => walk.step(by)}>
      {() => <Reader view={view} walk={walk} />}
    </Root>
  );
}

function SimilarAlone({ view }: { view: ViewState }) {
  const walk = useWalk(view);
  return (
    <Root view={view} class="dl-alone dl-similar-alone" step={(by) => walk.step(by)}>
      {() => <Similar view={view} />}
    </Root>
  );
}

function useWalk(view: ViewState): Walk {
  const walk = useMemo(() => new Walk(view), [view]);
  useEffect(() => () => walk.dispose(), [walk]);
  return walk;
}

function useTable(view: ViewState): { walk: Walk; pages: Pages } {
  const walk = useWalk(view);
  const pages = useMemo(() => new Pages(view, walk), [view, walk]);
  useEffect(() => () => pages.dispose(), [pages]);
  return { walk, pages };
}
