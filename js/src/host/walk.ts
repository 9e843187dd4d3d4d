import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { contentVersion } from "./content";
import { isCancelled, sentenceOf } from "./host";
import type { ViewState } from "./view";

/** Where the focused sample stands among the sorted rows of the selection; index null: it isn't selected. */
export interface Place {
  ordinal: number;
  index: number | null;
}

// Rows asked for at once when stepping past what is known, so that a key held down is not a request per row.
const AHEAD = 20;

/** The order of the rows that a person walks through, and where in it the focus is. */
export class Walk {
  /** Counts up when positions may have changed: another selection, another sort. */
  readonly version = signal(0);
  /** null while there is no focus or its place isn't known yet. */
  readonly place = signal<Place | null>(null);
  readonly focus: ReadonlySignal<number | null>;
  readonly total: ReadonlySignal<number>;
  /** What was learned of the order since it last changed. */
  readonly #indexOf = new Map<number, number>();
  readonly #ordinalAt = new Map<number, number>();
  /** Where the last step leads, while its row is still being asked for. */
  #heading: number | null = null;
  /** The focus's last place, to go on from when it has left the selection. */
  #last = -1;
  #locating: AbortController | null = null;
  #stepping: AbortController | null = null;
  readonly #stops: (() => void)[];

  constructor(private readonly view: ViewState) {
    const { store } = view;
    this.focus = computed(() => store.state.value?.focus?.ordinal ?? null);
    this.total = computed(() => store.state.value?.selection.count ?? 0);
    const content = contentVersion(store);
    // Marks change, and rows that are sorted by them go elsewhere.
    const sorting = computed(() =>
      JSON.stringify(
        view.sort.value.map((sort) => [
          sort,
          store.state.value?.columns.find(({ name }) => name === sort.column)?.version,
        ]),
      ),
    );
    this.#stops = [
      content.stop,
      effect(() => {
        content.version.value;
        sorting.value;
        untracked(() => this.#forget());
      }),
      effect(() => {
        this.version.value;
        const ordinal = this.focus.value;
        untracked(() => this.find(ordinal));
      }),
    ];
  }

  /** Take in what a page of the table has shown. */
  learn(start: number, ordinals: number[]): void {
    ordinals.forEach((ordinal, i) => {
      this.#indexOf.set(ordinal, start + i);
      this.#ordinalAt.set(start + i, ordinal);
    });
  }

  /** Focus the row `by` places on; the first one where nothing is in focus. */
  step(by: number): Promise<void> | undefined {
    const total = this.total.peek();
    if (total === 0) return undefined;
    const from = this.#heading ?? this.place.peek()?.index ?? this.#last;
    const to = Math.min(total - 1, Math.max(0, from + by));
    const ordinal = this.#ordinalAt.get(to);
    this.#stepping?.abort();
    if (ordinal !== undefined) {
      this.#heading = null;
      this.view.store.focus(ordinal);
      return undefined;
    }
    this.#heading = to;
    return this.#fetch(to, by);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#locating?.abort();
    this.#stepping?.abort();
  }

  async #fetch(to: number, by: number): Promise<void> {
    const { store, sort } = this.view;
    const abort = new AbortController();
    this.#stepping = abort;
    const start = by > 0 ? to : Math.max(0, to - AHEAD + 1);
    try {
      const args = { start, count: AHEAD, sort: sort.peek(), columns: [] };
      const { result } = await store.host.ask("page", args, { signal: abort.signal });
      if (abort.signal.aborted) return;
      this.learn(
        result.start,
        result.rows.map((row) => row.ordinal),
      );
      this.#heading = null;
      const ordinal = this.#ordinalAt.get(to);
      if (ordinal !== undefined) store.focus(ordinal);
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#heading = null;
      report(this.view, error);
    }
  }

  #forget(): void {
    this.#stepping?.abort();
    this.#heading = null;
    this.#indexOf.clear();
    this.#ordinalAt.clear();
    this.version.value += 1;
  }

  private async find(ordinal: number | null): Promise<void> {
    this.#locating?.abort();
    if (ordinal === null) {
      this.place.value = null;
      return;
    }
    const known = this.#indexOf.get(ordinal);
    if (known !== undefined) {
      this.#arrive({ ordinal, index: known });
      return;
    }
    const { store, sort } = this.view;
    const abort = new AbortController();
    this.#locating = abort;
    try {
      const { result } = await store.host.ask(
        "locate",
        { ordinal, sort: sort.peek() },
        { signal: abort.signal },
      );
      if (!abort.signal.aborted) this.#arrive({ ordinal, index: result.index });
    } catch (error) {
      if (!abort.signal.aborted) report(this.view, error);
    }
  }

  #arrive(place: Place): void {
    if (place.index !== null) this.#last = place.index;
    this.place.value = place;
  }
}

/** Tell the person what went wrong; a cancelled request went as it should. */
export function report(view: ViewState, error: unknown): void {
  if (isCancelled(error)) return;
  view.store.problem.value = sentenceOf(error);
}
