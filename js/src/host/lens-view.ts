import { computed, effect, type Signal, signal, untracked } from "@preact/signals";
import { type Answer, isCancelled, sentenceOf } from "./host";
import type { ColorScale, Sort } from "./protocol";
import type { Store } from "./store";
import { watchDark } from "./theme";
import { type Coloring, type Look, PLAIN, type Tool, type ViewState } from "./view";

/** What a view saves with the notebook; anything in it may be missing or stale. */
export interface SavedSettings {
  color?: string | null;
  scale?: ColorScale | null;
  tool?: Tool;
  sort?: Sort[];
  pageSize?: number;
  dialect?: string;
  names?: boolean;
  look?: Look;
}

/** Counts in the legend follow the selection; a drag changes it many times a second. */
const LEGEND_DELAY_MS = 60;
const PAGE_SIZE = 25;
const DIALECT = "pandas";
/** What the sliders for size and opacity give; what was saved beyond it would hide the points. */
const LOOK_LEAST = 1 / 4;
const LOOK_MOST = 4;

/** The settings of one view and what they lead to: the colours of the map. */
export function createView(
  store: Store,
  saved: SavedSettings,
  save: (settings: SavedSettings) => void,
): ViewState {
  const color = signal<string | null>(saved.color ?? null);
  const scale = signal<ColorScale | null>(saved.scale ?? null);
  const tool = signal<Tool>(saved.tool ?? "lasso");
  const sort = signal<Sort[]>(saved.sort ?? []);
  const pageSize = signal(saved.pageSize ?? PAGE_SIZE);
  const dialect = signal(saved.dialect ?? DIALECT);
  const names = signal(saved.names ?? true);
  const { look: kept } = saved;
  const look = signal<Look>({
    ...PLAIN,
    ...kept,
    size: factorOf(kept?.size),
    opacity: factorOf(kept?.opacity),
    by: typeof kept?.by === "string" ? kept.by : null,
  });
  const coloring = signal<Coloring | null>(null);
  const sizing = signal<Coloring | null>(null);
  const { dark, dispose: stopTheme } = watchDark();

  // Until somebody chooses, the kernel's suggestion colours the map; it does too where a column is gone.
  let suggested: string | null | undefined = saved.color === undefined ? null : undefined;
  const stopSuggesting = effect(() => {
    const state = store.state.value;
    if (!state) return;
    const present = color.peek();
    // What was saved has few columns: the one that is missing there comes back with the kernel.
    const gone = present !== null && !state.saved && !state.columns.some(({ name }) => name === present);
    if (gone || present === suggested) {
      suggested = state.color;
      color.value = suggested;
    }
  });
  let before = color.peek();
  const stopScale = effect(() => {
    // A scale that suits one column need not suit the next.
    if (color.value !== before) scale.value = null;
    before = color.value;
  });

  /** Holds in `codes` those of the column and the scale that are chosen. */
  const follow = (codes: Signal<Coloring | null>, chosen: () => [string | null, ColorScale | null]) => {
    // Names what the codes hang on, so that they are asked for anew only when it changes.
    const wanted = computed(() => {
      const state = store.state.value;
      const [name, scale] = chosen();
      if (!state?.map || name === null) return null;
      const column = state.columns.find((c) => c.name === name);
      if (!column) return null;
      return JSON.stringify([name, column.version, column.notComputed, scale, state.map.version]);
    });
    let asking: AbortController | null = null;
    let choice: string | undefined;
    const stop = effect(() => {
      const key = wanted.value;
      asking?.abort();
      const [column, scale] = untracked(chosen);
      const last = choice;
      if (store.state.peek()) choice = JSON.stringify([column, scale]);
      if (key === null || column === null) {
        codes.value = null;
        return;
      }
      asking = new AbortController();
      const isChosen = last !== undefined && last !== choice && column !== suggested;
      store.host.ask("color", { column, scale }, { signal: asking.signal }).then(
        (answer) => {
          codes.value = coloringOf(answer);
        },
        (error: unknown) => {
          if (isCancelled(error)) return;
          const isSaved = store.state.peek()?.saved !== undefined;
          if (isSaved) codes.value = null; // those on show are not of these points
          // Where nobody has chosen them just now, the view has said already that it needs the kernel.
          if (isChosen || !isSaved) report(store, error);
        },
      );
    });
    return () => {
      asking?.abort();
      stop();
    };
  };
  const stopColoring = follow(coloring, () => [color.value, scale.value]);
  const stopSizing = follow(sizing, () => [look.value.by, "quantile"]);

  let timer: ReturnType<typeof setTimeout> | undefined;
  let first = true;
  const stopCounting = effect(() => {
    store.mask.value; // the counts follow the selection
    if (first) {
      first = false;
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(() => {
      const present = coloring.peek();
      if (!present) return;
      const { column } = present.result;
      store.host.ask("legend", { column, scale: scale.peek() }).then(
        ({ result }) => {
          const now = coloring.peek();
          if (now?.result.column !== column) return;
          coloring.value = { codes: now.codes, result: { ...result, points: now.result.points } };
        },
        (error: unknown) => report(store, error),
      );
    }, LEGEND_DELAY_MS);
  });

  let loaded = false;
  const stopSaving = effect(() => {
    const settings: SavedSettings = {
      scale: scale.value,
      tool: tool.value,
      sort: sort.value,
      pageSize: pageSize.value,
      dialect: dialect.value,
      names: names.value,
      look: look.value,
    };
    if (color.value !== suggested) settings.color = color.value;
    if (loaded) save(settings);
    loaded = true;
  });

  return {
    store,
    color,
    scale,
    tool,
    sort,
    pageSize,
    dialect,
    names,
    look,
    coloring,
    sizing,
    dark,
    dispose: () => {
      clearTimeout(timer);
      stopSuggesting();
      stopScale();
      stopColoring();
      stopSizing();
      stopCounting();
      stopSaving();
      stopTheme();
    },
  };
}

function factorOf(saved: unknown): number {
  return typeof saved === "number" && saved >= LOOK_LEAST && saved <= LOOK_MOST ? saved : 1;
}

function coloringOf({ result, arrays }: Answer<"color">): Coloring | null {
  const { codes } = arrays;
  return codes instanceof Uint8Array || codes instanceof Uint16Array ? { result, codes } : null;
}

function report(store: Store, error: unknown): void {
  if (isCancelled(error)) return;
  store.problem.value = sentenceOf(error);
}
