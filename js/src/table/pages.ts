import { computed, effect, signal, untracked } from "@preact/signals";
import { shownMarks } from "../host/content";
import type { PageResult } from "../host/protocol";
import type { ViewState } from "../host/view";
import { report, type Walk } from "../host/walk";
import { dots } from "./dots";

/** The page that the table shows: follows the selection, the sort, the page size and the focus. */
export class Pages {
  /** The rows on show; the old ones stay until the new are here. */
  readonly page = signal<PageResult | null>(null);
  readonly loading = signal(false);
  /** Index of the wanted page's first row. */
  readonly start = signal(0);
  readonly pageCount = computed(() =>
    Math.max(1, Math.ceil(this.walk.total.value / this.view.pageSize.value)),
  );
  readonly pageNumber = computed(() => Math.floor(this.start.value / this.view.pageSize.value));
  #abort: AbortController | null = null;
  /** The focus that was last followed to its page. */
  #followed: number | null = null;
  private version = -1;
  readonly dots: ReturnType<typeof dots>;
  readonly #stops: (() => void)[];

  constructor(
    private readonly view: ViewState,
    private readonly walk: Walk,
  ) {
    this.dots = dots(view);
    this.#stops = [
      effect(() => {
        const version = walk.version.value;
        const size = view.pageSize.value;
        const start = this.start.value;
        const state = view.store.state.value;
        if (state === null) return;
        untracked(() => this.#turn(version, size, start, shownMarks(state)));
      }),
      effect(() => {
        const place = walk.place.value;
        if (place === null) this.#followed = null;
        else if (place.ordinal !== this.#followed) {
          this.#followed = place.ordinal;
          if (place.index !== null) this.goTo(Math.floor(place.index / view.pageSize.peek()));
        }
      }),
    ];
  }

  /** Show a page, counted from 0. */
  goTo(page: number): void {
    const last = this.pageCount.peek() - 1;
    this.start.value = Math.min(last, Math.max(0, page)) * this.view.pageSize.peek();
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#abort?.abort();
  }

  /** What the page on show was asked with, so that a state that changes nothing asks nothing. */
  #shown = "";

  #turn(version: number, size: number, start: number, marks: string): void {
    if (version !== this.version) {
      // Other rows or another order: from the top.
      this.version = version;
      if (start !== 0) {
        this.start.value = 0;
        return;
      }
    }
    const aligned = Math.floor(start / size) * size;
    if (aligned !== start) {
      this.start.value = aligned;
      return;
    }
    const wanted = `${version} ${size} ${start} ${marks}`;
    if (wanted === this.#shown) return;
    this.#shown = wanted;
    this.#load(size, start);
  }

  async #load(count: number, start: number): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.loading.value = true;
    try {
      const args = { start, count, sort: this.view.sort.peek(), columns: null };
      const { result } = await this.view.store.host.ask("page", args, { signal: abort.signal });
      if (abort.signal.aborted) return;
      this.walk.learn(
        result.start,
        result.rows.map((row) => row.ordinal),
      );
      this.page.value = result;
      this.loading.value = false;
    } catch (error) {
      if (abort.signal.aborted) return;
      this.loading.value = false;
      this.#shown = "";
      report(this.view, error);
    }
  }
}
