import { effect, signal } from "@preact/signals";
import { isCancelled, sentenceOf } from "./host";
import type { MarksResult, Sort, Verbs } from "./protocol";
import { isSelected, type Store } from "./store";

type MarkArgs = Verbs["mark"]["args"];
type Row = NonNullable<MarksResult["row"]>;
const LOST = "The kernel was lost before it heard of this: nothing was marked.";

/** A change of a row's marks, by those that it has and the tags there are; returns why it can't be made, or "". */
type Act = (row: Row | null, tags: MarksResult["tags"]) => string;

/** The marks of the row in focus, all tags, and what changes them; shared by every view of one lens. */
export class Marking {
  /** null until the kernel has answered, and where none does. */
  readonly found = signal<MarksResult | null>(null);
  /** What waits for the kernel to tell a row's marks, in the order of the keys pressed. */
  #acts: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** The last change has come to the kernel. */
  #told: Promise<void> = Promise.resolve();
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
    const act: Act = (row, tags) => {
      const tag = tags.find((one) => one.digit === digit)?.tag;
      if (tag === undefined) return `No tag has the key ${digit}: type one beside the star.`;
      if (all) this.tagAll(tag);
      else if (row) this.tag(row, tag, !row.tags.includes(tag));
      return "";
    };
    this.#inFocus(act, all);
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
    const act: Act = (row) => {
      if (row) {
        this.#show({ ...row, star: !row.star });
        this.#tell({ what: "star", ordinal: row.ordinal, on: !row.star });
      }
      return "";
    };
    if (of) act(of, []);
    else this.#inFocus(act);
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
      store.problem.value = isCancelled(error) ? LOST : sentenceOf(error);
    }
  }

  /** At once, ahead of the kernel, whose answer follows. */
  #show(row: Row): void {
    const found = this.found.peek();
    if (found?.row?.ordinal === row.ordinal) this.found.value = { ...found, row };
  }

  #tell(args: MarkArgs): void {
    this.#told = this.store.tell("mark", args);
  }

  /** Act on the row in focus (on none where all selected rows are meant), now where its marks are known. */
  #inFocus(act: Act, all = false): void {
    const ordinal = this.store.state.peek()?.focus?.ordinal ?? null;
    if (ordinal === null && !all) {
      this.store.problem.value = "No row is in focus: J goes to the first.";
      return;
    }
    const { row = null, tags = [] } = this.found.peek() ?? {};
    const known = this.#waiting === 0 && (all || row?.ordinal === ordinal);
    if (known && act(row, tags) === "") return;
    // The row has just come into focus, or the tag is so new that the kernel has not given it a key yet.
    this.#waiting += 1;
    this.#acts = this.#acts.then(async () => {
      await this.#told;
      try {
        const { result } = await this.store.host.ask("marks", { ordinal });
        this.store.problem.value = act(result.row, result.tags) || null;
      } catch (error) {
        // Whoever goes on with what was saved ends all that waits for the kernel.
        this.store.problem.value = isCancelled(error) ? LOST : sentenceOf(error);
      }
      this.#waiting -= 1;
    });
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
      },
      () => {}, // what asks for the row itself says what is wrong
    );
  }
}
