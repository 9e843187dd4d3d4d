import { type Answer, type AskOptions, type Host, HostError, type HostListener } from "./host";
import { type ErrorInfo, type Event, PROTOCOL_VERSION, type Reply, type Verb, type Verbs } from "./protocol";
import { Assembly, isIncoming, isReply } from "./wire";

/** What is used of anywidget's model; a page without Jupyter can stand in for it. */
export interface KernelModel {
  send(content: unknown): void;
  on(name: string, callback: (content: unknown, buffers: readonly ArrayBufferView[]) => void): void;
  off(name: string, callback: (content: unknown, buffers: readonly ArrayBufferView[]) => void): void;
}

/** Where cells come before what views ask, one may run for minutes; of a dead kernel `link.ts` hears otherwise. */
const TIMEOUT_MS = 600_000;
/** Past this a person wonders whether the click was seen: views say "kernel busy". */
const BUSY_MS = 900;

interface Waiting {
  verb: Verb;
  args: unknown;
  assembly: Assembly;
  head: Reply | null;
  part: AskOptions["part"];
  settle(reply: Reply): void;
  fail(error: HostError): void;
  busy: boolean;
}

/** The kernel as a host: requests with ids, timeouts, cancellation and replies in parts. */
export class KernelHost implements Host {
  readonly #waiting = new Map<string, Waiting>();
  readonly #listeners: HostListener[] = [];
  /** Replies reach every page that is on the kernel: ids of two pages must differ. */
  readonly #prefix = Math.random().toString(36).slice(2, 10);
  #lastId = 0;
  #changing: { event: Extract<Event, { event: "changed" }>; assembly: Assembly } | null = null;

  constructor(private readonly model: KernelModel) {
    model.on("msg:custom", this.#receive);
  }

  can(_verb: Verb): boolean {
    return true;
  }

  listen(listener: HostListener): void {
    this.#listeners.push(listener);
  }

  ask<V extends Verb>(verb: V, args: Verbs[V]["args"], options: AskOptions = {}): Promise<Answer<V>> {
    this.#lastId += 1;
    const id = `${this.#prefix}:${this.#lastId}`;
    return new Promise<Answer<V>>((resolve, reject) => {
      const done = () => {
        clearTimeout(timeout);
        clearTimeout(busy);
        options.signal?.removeEventListener("abort", cancel);
        this.#waiting.delete(id);
        this.#tellResponsive();
      };
      const fail = (error: HostError) => {
        done();
        reject(error);
      };
      const cancel = () => {
        this.#trySend({ v: PROTOCOL_VERSION, cancel: id });
        fail(new HostError("cancelled", "Cancelled."));
      };
      const timeout = setTimeout(() => {
        this.#trySend({ v: PROTOCOL_VERSION, cancel: id });
        fail(new HostError("timeout", "The kernel has not answered for ten minutes. Is it still running?"));
      }, options.timeoutMs ?? TIMEOUT_MS);
      const waiting: Waiting = {
        verb,
        args,
        assembly: new Assembly(),
        head: null,
        busy: false,
        part: options.part,
        fail,
        settle: (reply) => {
          done();
          if (reply.ok) {
            const result = reply.result as Verbs[V]["result"]; // the kernel's half of the same table of verbs
            resolve({ result, arrays: waiting.assembly.arrays(), revision: reply.revision });
          } else {
            reject(asHostError(reply.error));
          }
        },
      };
      const busy = setTimeout(() => {
        waiting.busy = true;
        this.#tellResponsive();
      }, BUSY_MS);
      if (options.signal?.aborted) {
        fail(new HostError("cancelled", "Cancelled."));
        return;
      }
      options.signal?.addEventListener("abort", cancel);
      this.#waiting.set(id, waiting);
      if (!this.#trySend({ v: PROTOCOL_VERSION, id, verb, args })) {
        fail(new HostError("closed", "There is no kernel to ask. Run the notebook's cells again."));
      }
    });
  }

  /** Whether a request waits for longer than a person would expect. */
  get silent(): boolean {
    return [...this.#waiting.values()].some((waiting) => waiting.busy);
  }

  close(): void {
    this.model.off("msg:custom", this.#receive);
    for (const waiting of [...this.#waiting.values()]) {
      waiting.fail(new HostError("closed", "The view was closed."));
    }
  }

  /** Ends every wait without a word: something else answers from now on. */
  abandon(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.fail(new HostError("cancelled", "Cancelled."));
  }

  /** Asks again what has had no answer: it may have been lost. The kernel does no gesture twice. */
  resend(): void {
    for (const [id, waiting] of this.#waiting) {
      waiting.assembly = new Assembly();
      waiting.head = null;
      this.#trySend({ v: PROTOCOL_VERSION, id, verb: waiting.verb, args: waiting.args });
    }
  }

  #trySend(content: unknown): boolean {
    try {
      this.model.send(content);
      return true;
    } catch {
      return false; // the comm is gone: the caller says so in a sentence
    }
  }

  readonly #receive = (content: unknown, buffers: readonly ArrayBufferView[] = []): void => {
    if (!isIncoming(content)) return;
    if (isReply(content)) this.#receiveReply(content, buffers);
    else this.#receiveEvent(content, buffers);
  };

  #receiveReply(reply: Reply, buffers: readonly ArrayBufferView[]): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return; // cancelled or timed out
    try {
      const infos = reply.ok ? reply.arrays : undefined;
      waiting.head ??= reply;
      waiting.part?.(reply.part + 1, reply.parts);
      if (waiting.assembly.add(reply.part, reply.parts, infos, buffers)) waiting.settle(waiting.head);
    } catch (error) {
      waiting.fail(error instanceof HostError ? error : new HostError("protocol", String(error)));
    }
  }

  #receiveEvent(event: Event, buffers: readonly ArrayBufferView[]): void {
    if (event.event === "progress") {
      for (const listener of this.#listeners) listener.progress(event.progress ?? null);
      return;
    }
    if (event.part === 0) this.#changing = { event, assembly: new Assembly() };
    if (!this.#changing) return;
    const { event: first, assembly } = this.#changing;
    if (!assembly.add(event.part, event.parts, event.arrays, buffers) || !first.state) return;
    this.#changing = null;
    const mask = first.mask === "all" ? null : maskOf(assembly, first.mask === "array");
    for (const listener of this.#listeners) listener.changed(first.state, mask);
  }

  #tellResponsive(): void {
    const { silent } = this;
    for (const listener of this.#listeners) listener.responsive(!silent);
  }
}

function maskOf(assembly: Assembly, sent: boolean): Uint8Array | undefined {
  if (!sent) return undefined;
  const mask = assembly.arrays().mask;
  return mask instanceof Uint8Array ? mask : undefined;
}

function asHostError(error: ErrorInfo): HostError {
  return new HostError(error.kind, error.message);
}
