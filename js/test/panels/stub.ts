import { batch, effect, signal } from "@preact/signals";
import { Marking } from "../../src/host/marking";
import { arrange } from "../../src/host/points";
import type { ColorScale, LensState, ProgressInfo, Sort } from "../../src/host/protocol";
import type { Points, Store } from "../../src/host/store";
import { type Coloring, PLAIN, type Tool, type ViewState } from "../../src/host/view";
import type { FakeLens } from "./fake-lens";

export interface FakeView extends ViewState {
  lens: FakeLens;
}

/** A store and a view over a FakeLens, as the real ones behave. */
export function fakeView(lens: FakeLens, options: { color?: string | null; dark?: boolean } = {}): FakeView {
  let fetched: Promise<Points> | null = null;
  const store: Store = {
    host: lens,
    state: signal<LensState | null>(lens.state()),
    mask: signal<Uint8Array | null>(lens.bits()),
    hovered: signal<number | null>(null),
    near: signal<readonly number[]>([]),
    progress: signal<ProgressInfo | null>(null),
    responsive: signal(true),
    connected: signal(true),
    problem: signal<string | null>(null),
    get marking() {
      return marking;
    },
    points: () => {
      fetched ??= lens.ask("points", {}).then(({ result, arrays }) => arrange(result, arrays));
      return fetched;
    },
    setClause: (source, predicate, mode = "replace") => void lens.ask("clause", { source, predicate, mode }),
    clear: () => void lens.ask("clear", {}),
    undo: () => void lens.ask("undo", {}),
    redo: () => void lens.ask("redo", {}),
    focus: (ordinal) => {
      const state = store.state.peek();
      if (state)
        store.state.value = {
          ...state,
          focus: ordinal === null ? null : { ordinal, key: lens.key(ordinal) },
        };
      void lens.ask("focus", { ordinal });
    },
    stop: () => void lens.ask("stop", {}),
    tell: (verb, args) => lens.ask(verb, args).then(() => {}),
  };
  const marking = new Marking(store);
  lens.listen({
    changed: (state, mask) =>
      batch(() => {
        store.state.value = state;
        if (mask !== undefined) store.mask.value = mask;
      }),
    progress: (progress) => {
      store.progress.value = progress;
    },
    responsive: (ok) => {
      store.responsive.value = ok;
    },
  });
  const color = signal<string | null>(options.color ?? null);
  const scale = signal<ColorScale | null>(null);
  const coloring = signal<Coloring | null>(null);
  const dispose = effect(() => {
    const [name, kind] = [color.value, scale.value];
    store.state.value?.revision;
    if (name === null) {
      coloring.value = null;
      return;
    }
    void lens.ask("color", { column: name, scale: kind }).then(({ result, arrays }) => {
      if (color.peek() === name && arrays.codes instanceof Uint8Array)
        coloring.value = { result, codes: arrays.codes };
    });
  });
  return {
    lens,
    store,
    color,
    scale,
    tool: signal<Tool>("pan"),
    sort: signal<Sort[]>([]),
    pageSize: signal(25),
    dialect: signal("pandas"),
    coloring,
    sizing: signal<Coloring | null>(null),
    names: signal(true),
    look: signal(PLAIN),
    dark: signal(options.dark ?? false),
    dispose,
  };
}
