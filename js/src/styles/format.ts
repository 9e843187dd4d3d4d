import type { LensState } from "../host/protocol";

/** Numbers as a person reads them: "48,210". */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** "1 row", "1,204 rows". */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}

/** "a sample of 1,204,332 rows of corpus.parquet, by 'source', random_state=0"; undefined where it is none. */
export function sampleOf(state: LensState | null | undefined): string | undefined {
  const sample = state?.sample;
  if (!sample) return undefined;
  return `a sample of ${plural(sample.of, "row")} of ${sample.title}: ${sample.how}`;
}
