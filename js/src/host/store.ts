import { type Signal, signal } from "@preact/signals";
import type { Host } from "./host";
import type { Marking } from "./marking";
import type { Points } from "./points";
import type { ClauseSource, LensState, Mode, PredicateJson, ProgressInfo, Verb, Verbs } from "./protocol";

/**
 * What the views of one lens share: the kernel's state, the selection's bitmask, focus and hover. The kernel
 * owns the truth; hover alone lives here. Built once per lens, by the hub.
 */
export interface Store {
  readonly host: Host;
  /** null until the kernel has answered `hello`. */
  readonly state: Signal<LensState | null>;
  /** Bit per ordinal, least significant first; null while everything is selected. */
  readonly mask: Signal<Uint8Array | null>;
  /** Ordinal under the pointer, in any view. */
  readonly hovered: Signal<number | null>;
  /** Ordinals that a list of nearest rows or near-duplicates shows: the map marks them. */
  readonly near: Signal<readonly number[]>;
  readonly progress: Signal<ProgressInfo | null>;
  /** False while the kernel lets us wait: views say "kernel busy". */
  readonly responsive: Signal<boolean>;
  /** False while the page knows that nothing can reach the kernel. */
  readonly connected: Signal<boolean>;
  /** A sentence about what went wrong last; null clears it. */
  readonly problem: Signal<string | null>;
  /** Tags, notes, stars and what was looked at. */
  readonly marking: Marking;

  /** The points of the present map, fetched once per version. Rejects with HostError. */
  points(): Promise<Points>;

  // Gestures. Each tells the kernel and returns at once; the answer arrives through `state` and `mask`.
  setClause(source: ClauseSource, predicate: PredicateJson | null, mode?: Mode): void;
  clear(): void;
  undo(): void;
  redo(): void;
  /** Focus changes at once here; the kernel is told. */
  focus(ordinal: number | null): void;
  stop(): void;
  /** Any other gesture that the kernel answers through `state` and `mask`; what goes wrong is `problem`. */
  tell<V extends Verb>(verb: V, args: Verbs[V]["args"]): Promise<void>;
}

/** Of bits in the order of rows, or of places; null selects all. */
export function isSelected(bits: Uint8Array | null, at: number): boolean {
  return bits === null || (((bits[at >> 3] ?? 0) >> (at & 7)) & 1) === 1;
}

export type { Points };
export { signal };
