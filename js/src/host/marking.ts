import { effect, signal } from "@preact/signals";
import type { MarksResult, Sort, Verbs } from "./protocol";
import { isSelected, type Store } from "./store";

type MarkArgs = Verbs["mark"]["args"];
type Row = NonNullable<MarksResult["row"]>;

/** The marks of the row in focus, all tags, and what changes them; shared by every view of one lens. */
export class Marking {
  /** null until the kernel has answered, and where none does. */
  readonly found = signal<MarksResult | null>(null);
  /** What waits for the marks of rows that have just come into focus. */
  #waiting: { ordinal: number; act: (row: Row) => void }[] = [];
  #asking: AbortController | null = null;
  #walking: Promise<void> = Promise.resolve();
  #watching = false;

  constructor(private readonly store: Store) {}

  /** Follow the focus from now on; called by each view that comes up. */
  watch(): void {
    if (this.#watching) return;
    this.#watching = true;
    let last: unknown[] = [];
    effect(() => {
      const state = this.store.state.value;
      // How many are left follows the selection.
      const key = [state?.focus?.ordinal, state?.marks, state?.saved, this.store.mask.value];
      if (state === null || (last.length > 0 && key.every((part, i) => part === last[i]))) return;
      last = key;
      this.ask();
    });
  }

  /** Whether rows can be marked: not where no kernel answers. */
  can(): boolean {
    return this.store.host.can("mark");
  }

  /** Tag the row in focus, or take the tag where it has it; or tag all selected rows. */
  digit(digit: number | null, all: boolean): void {
    const found = this.found.peek();
    const tag = found?.tags.find((one) => one.digit === digit)?.tag;
    if (!found) return;
    if (tag === undefined)
      this.store.problem.value = `No tag has the key ${digit}: type one beside the star.`;
    else if (all) this.tagAll(tag);
    else this.#withRow((row) => this.tag(row, tag, !row.tags.includes(tag)));
  }

  tag(row: Row, tag: string, on: boolean): void {
    const others = row.tags.filter((other) => other !== tag);
    this.#show({ ...row, tags: on ? [...others, tag] : others });
    this.#tell({ what: on ? "tag" : "untag", ordinal: row.ordinal, tag });
  }

  tagAll(tag: string, on = true): void {
    this.#tell({ what: on ? "tag" : "untag", ordinal: null, tag });
  }

  /** Set or take the star of a row, or of the one in focus. */
  star(of?: Row): void {
    const act = (row: Row) => {
      this.#show({ ...row, star: !row.star });
      this.#tell({ what: "star", ordinal: row.ordinal, on: !row.star });
    };
    if (of) act(of);
    else this.#withRow(act);
  }

  note(row: Row, text: string): void {
    this.#show({ ...row, note: text.trim() });
    this.#tell({ what: "note", ordinal: row.ordinal, text });
  }

  /** A row was read: nobody is told where that can't be kept. */
  seen(ordinal: number): void {
    this.store.host.ask("mark", { what: "seen", ordinal, on: true }).catch(() => {});
  }

  /** Go to the next row of the selection that was not looked at; who asks for it is done with this one. */
  next(sort: Sort[]): Promise<void> {
    this.#walking = this.#walking.then(() => this.#step(sort));
    return this.#walking;
  }

  async #step(sort: Sort[]): Promise<void> {
    const { store } = this;
    const ordinal = store.state.peek()?.focus?.ordinal ?? null;
    try {
      if (ordinal !== null && isSelected(store.mask.peek(), ordinal)) this.seen(ordinal);
      const { result } = await store.host.ask("review", { sort, ordinal });
      if (result.next !== null) store.focus(result.next);
      else store.problem.value = "All selected rows were looked at.";
    } catch (error) {
      store.problem.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** At once, ahead of the kernel, whose answer follows. */
  #show(row: Row): void {
    const found = this.found.peek();
    if (found?.row?.ordinal === row.ordinal) this.found.value = { ...found, row };
  }

  #tell(args: MarkArgs): void {
    this.store.tell("mark", args);
  }

  #withRow(act: (row: Row) => void): void {
    const ordinal = this.store.state.peek()?.focus?.ordinal;
    const row = this.found.peek()?.row;
    if (ordinal === undefined) this.store.problem.value = "No row is in focus: J goes to the first.";
    else if (row?.ordinal === ordinal) act(row);
    else this.#waiting.push({ ordinal, act });
  }

  private ask(): void {
    const { store } = this;
    this.#asking?.abort();
    const state = store.state.peek();
    if (!state || !this.can()) {
      this.found.value = null;
      return;
    }
    const abort = new AbortController();
    this.#asking = abort;
    const ordinal = state.focus?.ordinal ?? null;
    store.host.ask("marks", { ordinal }, { signal: abort.signal }).then(
      ({ result }) => {
        if (abort.signal.aborted) return;
        this.found.value = result;
        for (const { ordinal, act } of this.#waiting.splice(0)) {
          const row = this.found.peek()?.row;
          if (row?.ordinal === ordinal) act(row);
        }
      },
      () => {}, // what asks for the row itself says what is wrong
    );
  }
}
