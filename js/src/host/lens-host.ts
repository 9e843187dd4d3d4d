import { type Answer, type AskOptions, type Host, HostError, type HostListener } from "./host";
import type { KernelHost } from "./kernel";
import type { LinkListener } from "./link";
import type { LensState, SavedInfo, Verb, Verbs } from "./protocol";
import type { Sample } from "./sample";
import { SavedHost, type SavedMarks } from "./saved";

/** What was saved with the notebook, read when it is needed. */
export interface Saved {
  sample(): Promise<Sample | null>;
  state(): LensState | null;
  marks(): SavedMarks;
}

/** A kernel that answers takes milliseconds; one that does not by then has other work, and a picture helps. */
export const SLOW_MS = 2_000;

const LOST: Record<SavedInfo["why"], string> = {
  reopened: "There is no kernel to ask. Run the notebook's cells again to bring this view back.",
  waiting: "The kernel has not answered yet.",
  restarted: "The kernel was restarted. Run the notebook's cells again to bring this view back.",
  ended: "The kernel has ended. Run the notebook's cells again to bring this view back.",
  closed: "This lens was closed in the kernel. Run the notebook's cells again to bring this view back.",
};

/** The host of a lens: the kernel while it answers, what was saved while it does not. */
export class LensHost implements Host, LinkListener {
  readonly #listeners: HostListener[] = [];
  #saved: SavedHost | null = null;
  #gone: SavedInfo["why"] | null = null;
  /** Ends when what was saved is read. */
  #falling: Promise<void> = Promise.resolve();
  #answered = false;
  /** What the kernel last said; what was saved where it has said nothing. */
  #latest: LensState | null = null;
  readonly #slow: ReturnType<typeof setTimeout>;

  constructor(
    private readonly kernel: KernelHost,
    private readonly kept: Saved,
  ) {
    kernel.listen({
      changed: (state, mask) => this.#fromKernel(state, mask),
      progress: (progress) => this.#each((listener) => listener.progress(progress)),
      responsive: (ok) => this.#saved === null && this.#each((listener) => listener.responsive(ok)),
    });
    this.#slow = setTimeout(() => {
      if (!this.#answered && this.#gone === null) void this.#fallBack("waiting");
    }, SLOW_MS);
  }

  can(verb: Verb): boolean {
    return this.#gone === null && this.#saved === null ? true : (this.#saved?.can(verb) ?? false);
  }

  listen(listener: HostListener): void {
    this.#listeners.push(listener);
  }

  ask<V extends Verb>(verb: V, args: Verbs[V]["args"], options?: AskOptions): Promise<Answer<V>> {
    // A step that keeps the kernel busy can be stopped all the same.
    const toKernel = verb === "stop" && this.#gone === null;
    if (this.#saved && !toKernel) return this.#saved.ask(verb, args, options);
    if (this.#gone) return this.#unanswered(this.#gone);
    return this.kernel.ask(verb, args, options).then(
      (answer) => {
        this.#answered = true;
        if (this.#saved !== null && this.#gone === null) this.#comeBack();
        return answer;
      },
      (error: unknown) => {
        if (!(error instanceof HostError && error.kind === "closed")) throw error;
        this.lost("ended");
        return this.#unanswered("ended");
      },
    );
  }

  close(): void {
    clearTimeout(this.#slow);
    this.kernel.close();
    this.#saved?.close();
  }

  lost(why: SavedInfo["why"]): void {
    if (this.#gone !== null) return;
    this.#gone = why;
    this.kernel.abandon();
    this.#each((listener) => {
      listener.progress(null);
      listener.responsive(true);
    });
    this.#falling = this.#fallBack(why);
  }

  back(): void {
    if (this.#gone !== null) return;
    this.kernel.resend();
    this.#comeBack();
  }

  /** A view that goes on with what was saved says why and asks anew: a sentence of its own for each request is too much. */
  async #unanswered(why: SavedInfo["why"]): Promise<never> {
    await this.#falling;
    throw this.#saved ? new HostError("cancelled", "Cancelled.") : new HostError("closed", LOST[why]);
  }

  connected(ok: boolean): void {
    this.#each((listener) => listener.connected?.(ok));
  }

  /** Shows what was saved, if anything was. */
  async #fallBack(why: SavedInfo["why"]): Promise<void> {
    const state = this.#latest ?? this.kept.state();
    const sample = await this.kept.sample();
    const stale = why === "waiting" ? this.#answered || this.#gone !== null : this.#gone !== why;
    if (stale) return;
    if (sample === null || !Array.isArray(state?.columns)) {
      if (why !== "waiting") this.#each((listener) => listener.failed?.(LOST[why]));
      return;
    }
    this.#saved?.close();
    const saved = new SavedHost(sample, state, this.kept.marks(), why);
    this.#saved = saved;
    saved.listen({
      changed: (changed, mask) => this.#each((listener) => listener.changed(changed, mask)),
      progress: () => {},
      responsive: () => {},
    });
    this.#each((listener) => {
      listener.responsive(true); // what is shown says itself that the kernel lets us wait
      listener.changed(saved.state(), saved.bits());
    });
  }

  /** The kernel is there (again): shows the whole state as it has it. */
  #comeBack(): void {
    this.kernel.ask("hello", {}).then(
      ({ result, arrays }) => {
        if (this.#gone !== null) return;
        this.#answered = true;
        this.#latest = result;
        this.#saved?.close();
        this.#saved = null;
        const mask = arrays.mask instanceof Uint8Array ? arrays.mask : null;
        this.#each((listener) => listener.changed(result, mask));
      },
      () => {}, // whoever asks next is told
    );
  }

  #fromKernel(state: LensState, mask: Uint8Array | null | undefined): void {
    this.#answered = true;
    this.#latest = state;
    if (this.#saved === null) this.#each((listener) => listener.changed(state, mask));
    else if (this.#gone === null) this.#comeBack();
  }

  #each(tell: (listener: HostListener) => void): void {
    for (const listener of this.#listeners) tell(listener);
  }
}
