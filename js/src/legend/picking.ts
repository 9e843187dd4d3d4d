import type { CategoryInfo, ScalarJson } from "../host/protocol";
import type { Store } from "../host/store";
import { click, columnPredicate, pickedFrom, pickedPredicate, sameValue } from "./picked";

/** What is picked of a column's categories, and what a click on one does. */
export function picking(store: Store, column: string) {
  const source = `column:${column}` as const;
  const state = store.state.value;
  const clauses = state?.selection.clauses ?? [];
  const counting = clauses.filter((c) => c.enabled !== false);
  const own = counting.some((c) => c.source === source);
  const picked = pickedFrom(columnPredicate(state, column), column);
  const lists = state?.columns.find(({ name }) => name === column)?.role === "tags";
  const some = picked.values.length > 0 || picked.nulls;
  const isPicked = (value: ScalarJson) => picked.values.some((v) => sameValue(v, value));
  return {
    lists,
    /** With no clause but the column's own, what the others select is everything. */
    others: clauses.some((c) => c.source !== source),
    nulls: picked.nulls,
    some,
    isPicked,
    /** Rows of a category that all clauses together select; null where there are none, or they hide it. */
    selectedOf({ value, selected }: CategoryInfo): number | null {
      if (counting.length === 0) return null;
      if (!own || isPicked(value)) return selected;
      // A row with several tags may be picked by another one.
      return some && !lists ? 0 : null;
    },
    pick(value: ScalarJson | null, toggle: boolean): void {
      store.setClause(source, pickedPredicate(click(picked, value, toggle), column, lists));
    },
  };
}

/** What a category is called. */
export function named({ label }: CategoryInfo): string {
  return label === "" ? "(empty text)" : label;
}
