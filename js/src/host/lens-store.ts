import { batch, signal } from "@preact/signals";
import { type Host, HostError, isCancelled, sentenceOf } from "./host";
import { Marking } from "./marking";
import { arrange } from "./points";
import type { ClauseSource, LensState, Mode, PredicateJson, ProgressInfo, Verb, Verbs } from "./protocol";
import type { Points, Store } from "./store";

const LOADING = "loading the map";

/** The shared state of one lens's views, fed by a host. The hub builds one; every view gets the same. */
export class LensStore implements Store {
  readonly state = signal<LensState | null>(null);
  readonly mask = signal<Uint8Array | null>(null);
  readonly hovered = signal<number | null>(null);
  readonly near = signal<readonly number[]>([]);
  readonly progress = signal<ProgressInfo | null>(null);
  readonly responsive = signal(true);
  readonly connected = signal(true);
  readonly problem = signal<string | null>(null);
  readonly marking: Marking;

  /** Steps of the focus that the kernel has not answered yet, and what it told meanwhile. */
  #focusing = 0;
  #said: LensState | null = null;
  #fetched: { version: string; points: Promise<Points>; ended: AbortController } | null = null;

  constructor(
    readonly host: Host,
    saved: LensState | null,
    greet = true,
  ) {
    this.recall(saved);
    host.listen({
      changed: (state, mask) => this.#take(state, mask),
      progress: (progress) => {
        this.progress.value = progress;
      },
      responsive: (ok) => {
        this.responsive.value = ok;
      },
      connected: (ok) => {
        this.connected.value = ok;
      },
      failed: (sentence) => {
        this.problem.value = sentence;
      },
    });
    this.marking = new Marking(this);
    if (greet) this.greet();
  }

  /** What the notebook was saved with, or a new lens began with, is true until the kernel says more. */
  recall(state: LensState | null): void {
    if (Array.isArray(state?.columns)) this.state.value ??= state;
  }

  /** Asks for all there is to know; once. */
  greet(): void {
    this.host.ask("hello", {}).then(
      ({ result, arrays }) => {
        // A host that has shown what was saved meanwhile leaves that first, and tells of it: until then it answers
        // with the saved points, which would be taken for the kernel's.
        if (this.state.peek()?.saved) return;
        this.#take(result, arrays.mask instanceof Uint8Array ? arrays.mask : null);
      },
      (error: unknown) => this.#fail(error),
    );
  }

  /** Takes a state, unless a newer one of the same host is shown already: what was saved counts for itself. */
  #take(state: LensState, mask: Uint8Array | null | undefined): void {
    const present = this.state.value;
    const other = present?.saved?.why !== state.saved?.why;
    if (present && !other && state.revision < present.revision) return;
    batch(() => {
      if (other) {
        // Rows have other numbers there.
        this.#said = null;
        this.hovered.value = null;
        this.near.value = [];
      }
      if (mask !== undefined) this.mask.value = mask;
      // What the kernel said before it heard of the last step would lead the focus back.
      if (this.#focusing > 0 && present && !other) {
        this.#said = state;
        this.state.value = { ...state, focus: present.focus };
      } else this.state.value = state;
    });
  }

  points(): Promise<Points> {
    const version = this.state.value?.map?.version;
    if (version === undefined) {
      return Promise.reject(new HostError("ValueError", "There are no coordinates yet."));
    }
    if (this.#fetched?.version !== version) {
      this.#fetched?.ended.abort(); // nobody waits for an earlier map any more
      const ended = new AbortController();
      const points = this.#fetchPoints(ended.signal);
      this.#fetched = { version, points, ended };
      // A failure is not kept: the next view asks again.
      points.catch(() => {
        if (this.#fetched?.points === points) this.#fetched = null;
      });
    }
    return this.#fetched.points;
  }

  async #fetchPoints(signal: AbortSignal): Promise<Points> {
    performance.mark("datalens:points-asked"); // these marks are read by benchmarks
    const part = (done: number, total: number) => {
      if (total > 1) this.progress.value = done < total ? { label: LOADING, done, total } : null;
    };
    const { result, arrays } = await this.host.ask("points", {}, { signal, part });
    performance.mark("datalens:points-here");
    return arrange(result, arrays);
  }

  setClause(source: ClauseSource, predicate: PredicateJson | null, mode: Mode = "replace"): void {
    const before = this.mask.value;
    this.#tellKernel("clause", { source, predicate, mode }, () => {
      // The kernel says nothing where a gesture changes nothing: what a view drew ahead of it is taken back.
      if (this.mask.value === before) this.mask.value = before === null ? null : before.slice();
    });
  }

  clear(): void {
    this.#tellKernel("clear", {});
  }

  undo(): void {
    this.#tellKernel("undo", {});
  }

  redo(): void {
    this.#tellKernel("redo", {});
  }

  stop(): void {
    if (this.progress.value?.label === LOADING) {
      this.#fetched?.ended.abort();
      this.progress.value = null;
    } else this.#tellKernel("stop", {});
  }

  focus(ordinal: number | null): void {
    const present = this.state.value;
    if (!present || (present.focus?.ordinal ?? null) === ordinal) return;
    this.state.value = { ...present, focus: ordinal === null ? null : { ordinal, key: "" } };
    this.#focusing += 1;
    void this.#tellKernel("focus", { ordinal }).then(() => {
      this.#focusing -= 1;
      const said = this.#focusing === 0 ? this.#said : null;
      if (!said) return;
      this.#said = null;
      if (this.state.value) this.state.value = { ...this.state.value, focus: said.focus };
    });
  }

  tell<V extends Verb>(verb: V, args: Verbs[V]["args"]): Promise<void> {
    return this.#tellKernel(verb, args);
  }

  #tellKernel<V extends Verb>(verb: V, args: Verbs[V]["args"], done = () => {}): Promise<void> {
    this.problem.value = null;
    return this.host.ask(verb, args).then(done, (error: unknown) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (isCancelled(error)) return;
    this.problem.value = sentenceOf(error);
    // What a view has drawn ahead of the kernel is taken back.
    this.mask.value = this.mask.value === null ? null : this.mask.value.slice();
  }
}
