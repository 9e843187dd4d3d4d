import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import { isCancelled, sentenceOf } from "../host/host";
import type { LensState, NeighbourList, NeighboursResult } from "../host/protocol";
import type { Store } from "../host/store";

/** What the list is about; "focus" follows the sample in focus. */
export type Question = { of: "focus" } | { of: "text"; text: string } | { of: "centre" };

export const LISTS: readonly { which: NeighbourList; name: string; title: string }[] = [
  { which: "nearest", name: "nearest", title: "The rows most like it" },
  { which: "farthest", name: "farthest", title: "The rows least like it" },
  { which: "duplicates", name: "duplicates", title: "Near-duplicates: the rows that are all but the same" },
];

/** Rows that fit a look; of near-duplicates, which are read to be sorted out, more. */
const ROWS = 20;
const DUPLICATES = 100;
/** A key held down walks on faster than lists are read. */
const DELAY_MS = 60;
/** As many steps back as anybody remembers. */
const MOST_BACK = 100;

/** Whether there is a column of vectors to search. */
export function hasVectors(state: LensState | null): boolean {
  return state?.columns.some(({ role }) => role === "embedding") ?? false;
}

export function canAsk(store: Store): boolean {
  return store.host.can("neighbours");
}

/** The list of neighbours on show: follows the focus, or stays with what was asked and answered. */
export class Asking {
  readonly which = signal<NeighbourList>("nearest");
  readonly question = signal<Question>({ of: "focus" });
  /** The list on show; the old one stays until the new one is here. */
  readonly result = signal<NeighboursResult | null>(null);
  /** What the result answers. */
  readonly shown = signal<{ which: NeighbourList; question: Question }>({
    which: "nearest",
    question: { of: "focus" },
  });
  readonly loading = signal(false);
  readonly failure = signal<string | null>(null);
  /** Rows that clicks in the list have led away from, the last one last. */
  readonly trail = signal<number[]>([]);
  readonly focus: ReadonlySignal<number | null>;
  /** In place of a list; null where there is one. */
  readonly said: ReadonlySignal<string | null>;
  #abort: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Where the last step of the trail leads. */
  #heading: number | null = null;
  readonly #stops: (() => void)[];

  constructor(private readonly store: Store) {
    this.focus = computed(() => store.state.value?.focus?.ordinal ?? null);
    this.said = computed(() => this.#sentence());
    // What answers hang on; the revision counts much that changes none of them.
    const vectors = computed(() =>
      JSON.stringify(
        store.state.value?.columns
          .filter(({ role }) => role === "embedding")
          .map(({ name, version, notComputed }) => [name, version, notComputed]) ?? [],
      ),
    );
    const wanted = computed(() => {
      const question = this.question.value;
      return question.of === "focus" ? this.focus.value : question;
    });
    this.#stops = [
      effect(() => {
        const about = wanted.value;
        this.which.value;
        const ready = vectors.value !== "[]" && canAsk(store) && about !== null;
        untracked(() => (ready ? this.#soon() : this.#nothing()));
      }),
      effect(() => {
        const focus = this.focus.value;
        if (focus !== this.#heading) this.trail.value = [];
        this.#heading = focus;
        untracked(() => {
          // What had no answer is not held on to.
          if (focus !== null && this.#isUnanswered()) this.question.value = { of: "focus" };
        });
      }),
    ];
  }

  /** Read a row of the list; `back` leads to where this was. */
  open(ordinal: number): void {
    const from = this.focus.peek();
    if (from === ordinal) return;
    this.#heading = ordinal;
    if (from !== null) this.trail.value = [...this.trail.peek().slice(-MOST_BACK), from];
    this.store.focus(ordinal);
  }

  /** Return to the row that the last click in the list led away from. */
  back(): void {
    const trail = this.trail.peek();
    const last = trail.at(-1);
    if (last === undefined) return;
    this.#heading = last;
    this.trail.value = trail.slice(0, -1);
    this.store.focus(last);
  }

  /** Make the rows on show a condition. */
  select(): void {
    const predicate = this.result.peek()?.predicate;
    if (!predicate) return;
    // None of these is among the rows whose centre was asked for: both conditions together would select nothing.
    if (this.question.peek().of === "centre") this.store.clear();
    this.store.setClause("neighbours", predicate);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    clearTimeout(this.#timer);
    this.#abort?.abort();
  }

  /** Whether a text or the selection was asked about in vain. */
  #isUnanswered(): boolean {
    if (this.question.value.of === "focus" || this.loading.value) return false;
    return this.failure.value !== null || (this.result.value?.why ?? null) !== null;
  }

  #nothing(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.result.value = null;
    this.failure.value = null;
    this.loading.value = false;
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    this.loading.value = true;
    this.#timer = setTimeout(() => this.ask(), DELAY_MS);
  }

  private async ask(): Promise<void> {
    const abort = new AbortController();
    this.#abort = abort;
    const which = this.which.peek();
    const question = this.question.peek();
    const args = {
      ordinal: question.of === "focus" ? this.focus.peek() : null,
      text: question.of === "text" ? question.text : null,
      selection: question.of === "centre",
      which,
      k: which === "duplicates" ? DUPLICATES : ROWS,
    };
    try {
      const { result } = await this.store.host.ask("neighbours", args, { signal: abort.signal });
      if (abort.signal.aborted) return;
      this.result.value = result;
      this.shown.value = { which, question };
      this.failure.value = null;
    } catch (error) {
      if (abort.signal.aborted || isCancelled(error)) return;
      this.result.value = null;
      this.failure.value = sentenceOf(error);
    }
    this.loading.value = false;
  }

  #sentence(): string | null {
    const state = this.store.state.value;
    if (!canAsk(this.store)) return "Neighbours need a running kernel.";
    if (state === null) return "";
    if (!hasVectors(state)) return "No vectors: run lens.embed().";
    if (this.failure.value !== null) return this.failure.value;
    if (this.question.value.of === "focus" && this.focus.value === null) {
      return "Click a sample to see what is like it, or type a text.";
    }
    const result = this.result.value;
    if (result === null) return "";
    if (result.why !== null) return result.why;
    if (result.rows.length > 0) return null;
    if (this.shown.value.which !== "duplicates") return "No other row has a vector.";
    return `No other row lies within ${result.within} of ${result.query}.`;
  }
}
