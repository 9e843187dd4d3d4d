import { effect, type ReadonlySignal, signal } from "@preact/signals";
import type { LensState } from "./protocol";
import type { Store } from "./store";

/**
 * Counts up when the rows that a table shows may be others: another selection, other columns. The revision also
 * counts focus, which changes no row.
 */
export function contentVersion(store: Store): { version: ReadonlySignal<number>; stop: () => void } {
  const version = signal(0);
  let text: string | null = null;
  let mask: Uint8Array | null = null;
  const stop = effect(() => {
    const state = store.state.value;
    const nextMask = store.mask.value;
    if (state === null) return;
    const nextText = described(state);
    // Two long lists of keys can read alike, hence the bits as well.
    if (nextText !== text || !sameBytes(mask, nextMask)) version.value = version.peek() + 1;
    text = nextText;
    mask = nextMask;
  });
  return { version, stop };
}

const MARKS = new Set<string | null>(["tags", "note", "star", "seen"]);

function described({ rows, columns, selection, saved }: LensState): string {
  const lasting = columns.filter(({ role }) => !MARKS.has(role));
  return JSON.stringify([rows, lasting, selection.count, selection.clauses, saved]);
}

/** Another one when the table's cells of marks may be others; which rows it shows, and where, stays the same. */
export function shownMarks(state: LensState | null): string {
  const marks = state?.columns.filter(({ role }) => MARKS.has(role) && role !== "seen");
  return marks?.map(({ version }) => version).join() ?? "";
}

function sameBytes(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === b) return true;
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((byte, i) => byte === b[i]);
}
