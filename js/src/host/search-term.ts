import type { LensState } from "./protocol";

/** What the search looks for; empty where it looks for nothing. */
export function searchTerm(state: LensState | null): string {
  const predicate = state?.selection.clauses.find((clause) => clause.source === "search")?.predicate;
  return predicate?.op === "contains" ? predicate.value : "";
}
