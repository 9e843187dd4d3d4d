import type { Arrays, LensState, ProgressInfo, Verb, Verbs } from "./protocol";

/** An error that a person can read: `message` is a sentence, `kind` says what it was. */
export class HostError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
    this.name = "HostError";
  }
}

/** What went wrong, as a sentence. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether somebody ended the wait: nothing went wrong then. */
export function isCancelled(error: unknown): boolean {
  return error instanceof HostError && error.kind === "cancelled";
}

export interface Answer<V extends Verb> {
  result: Verbs[V]["result"];
  arrays: Arrays;
  revision: number;
}

export interface AskOptions {
  /** Ends the wait and tells the kernel to drop the request. */
  signal?: AbortSignal;
  timeoutMs?: number;
  /** Hears of each part of a long answer. */
  part?(done: number, total: number): void;
}

/** What a host tells when something changed by itself (code, another view, a step). */
export interface HostListener {
  /** `mask` is undefined where the selection is as before, null where all rows are selected. */
  changed(state: LensState, mask: Uint8Array | null | undefined): void;
  progress(progress: ProgressInfo | null): void;
  /** False while a request has waited longer than a person would expect. */
  responsive(ok: boolean): void;
  /** Whether the page has a connection to the kernel; never told where the page can't know. */
  connected?(ok: boolean): void;
  /** A sentence: nothing more will come, and nothing was saved. */
  failed?(sentence: string): void;
}

/**
 * Where data comes from: the kernel, or arrays embedded in a page. A view asks a host, never the kernel.
 */
export interface Host {
  can(verb: Verb): boolean;
  /** Rejects with a HostError (also when cancelled: kind "cancelled"). */
  ask<V extends Verb>(verb: V, args: Verbs[V]["args"], options?: AskOptions): Promise<Answer<V>>;
  listen(listener: HostListener): void;
  close(): void;
}
