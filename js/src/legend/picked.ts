import type { LensState, PredicateJson, ScalarJson } from "../host/protocol";

/** The categories that a column's clause picks: what the legend shows as pressed. */
export interface Picked {
  values: ScalarJson[];
  nulls: boolean;
}

// What conditions on the items of a list call an item.
const ITEM = "item";

export const NOTHING: Picked = { values: [], nulls: false };

/** The clause of a column's legend, or null. */
export function columnPredicate(state: LensState | null, column: string): PredicateJson | null {
  const clause = state?.selection.clauses.find((c) => c.source === `column:${column}`);
  return clause?.predicate ?? null;
}

/** Read a predicate back as picked categories; NOTHING where it is something else. */
export function pickedFrom(predicate: PredicateJson | null, column: string): Picked {
  if (predicate === null) return NOTHING;
  switch (predicate.op) {
    case "eq":
      return "column" in predicate.left && predicate.left.column === column && "value" in predicate.right
        ? { values: [predicate.right.value], nulls: false }
        : NOTHING;
    case "is_in":
      return predicate.column === column ? { values: predicate.values, nulls: false } : NOTHING;
    case "items":
      return predicate.column === column && predicate.which === "any"
        ? pickedFrom(predicate.of, ITEM)
        : NOTHING;
    case "is_null":
      return predicate.column === column ? { values: [], nulls: true } : NOTHING;
    case "or": {
      const parts = predicate.of.map((part) => pickedFrom(part, column));
      if (parts.some((part) => part.values.length === 0 && !part.nulls)) return NOTHING;
      return { values: parts.flatMap((part) => part.values), nulls: parts.some((part) => part.nulls) };
    }
    default:
      return NOTHING;
  }
}

/** The predicate that picks these categories; null for none. `lists`: a row has several, any of which counts. */
export function pickedPredicate(picked: Picked, column: string, lists = false): PredicateJson | null {
  const [first, ...more] = picked.values;
  const nulls: PredicateJson = { op: "is_null", column };
  if (first === undefined) return picked.nulls ? nulls : null;
  const of = lists ? ITEM : column;
  const one: PredicateJson = more.length
    ? { op: "is_in", column: of, values: picked.values }
    : { op: "eq", left: { column: of }, right: { value: first } };
  const values: PredicateJson = lists ? { op: "items", column, which: "any", of: one } : one;
  return picked.nulls ? { op: "or", of: [values, nulls] } : values;
}

export function sameValue(a: ScalarJson, b: ScalarJson): boolean {
  if (typeof a === "object" && typeof b === "object") return a.type === b.type && a.value === b.value;
  return a === b;
}

/**
 * What a click makes of what is picked: a plain click isolates one (or clears, if it was the only one), a
 * click with shift, ctrl or cmd adds or takes away. `value` null is the row of nulls.
 */
export function click(picked: Picked, value: ScalarJson | null, toggle: boolean): Picked {
  const isIn = value === null ? picked.nulls : picked.values.some((v) => sameValue(v, value));
  const size = picked.values.length + (picked.nulls ? 1 : 0);
  if (!toggle) {
    if (isIn && size === 1) return NOTHING;
    return value === null ? { values: [], nulls: true } : { values: [value], nulls: false };
  }
  if (value === null) return { ...picked, nulls: !picked.nulls };
  const others = picked.values.filter((v) => !sameValue(v, value));
  return { ...picked, values: isIn ? others : [...others, value] };
}
