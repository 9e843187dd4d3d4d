import type { ColumnInfo, ColumnKind, Sort } from "../host/protocol";

/** Widths in pixels that fit most values of a kind; the column of texts takes what is left. */
const WIDTHS: Record<ColumnKind, number> = {
  number: 84,
  integer: 76,
  category: 116,
  text: 200,
  boolean: 64,
  datetime: 148,
  nested: 160,
  bytes: 88,
  vector: 116,
};
const KEY_WIDTH = 148;
const NOT_COMPUTED_WIDTH = 104;
// A header is read in full up to here; 6.4 pixels a letter, and the room of the sorting mark.
const WIDEST_NAME = 150;
const LETTER = 6.4;
const HEADER_ROOM = 30;

/** The order of the table: key, text, label, source, what was computed, the others, places and vectors. */
export function ordered(columns: ColumnInfo[]): ColumnInfo[] {
  return columns
    .map((column, i) => ({ column, rank: rank(column), i }))
    .sort((a, b) => a.rank - b.rank || a.i - b.i)
    .map(({ column }) => column);
}

function rank({ role, kind, derived }: ColumnInfo): number {
  if (role === "x" || role === "y") return 10;
  if (role === "embedding" || kind === "vector") return 11;
  const first = ["key", "text", "label", "source", "star", "tags", "note", "seen"].indexOf(role ?? "");
  return first >= 0 ? first : derived ? 8 : 9;
}

/** Pixels; null for the one that stretches (table.css says how narrow it gets). */
export function width(column: ColumnInfo): number | null {
  if (column.role === "text") return null;
  const least = column.notComputed > 0 ? NOT_COMPUTED_WIDTH : 0;
  const own = column.role === "key" ? KEY_WIDTH : Math.max(least, WIDTHS[column.kind]);
  return Math.round(Math.max(own, Math.min(WIDEST_NAME, column.name.length * LETTER + HEADER_ROOM)));
}

/** What cannot be put in order. */
export function sortable({ kind }: ColumnInfo): boolean {
  return kind !== "nested" && kind !== "vector" && kind !== "bytes";
}

/** The sort after a click on a header: ascending, descending, none; with shift beside the others. */
export function clicked(sort: Sort[], column: string, add: boolean): Sort[] {
  const at = sort.findIndex((s) => s.column === column);
  const present = sort[at];
  const next =
    present === undefined
      ? { column, descending: false }
      : present.descending
        ? null
        : { column, descending: true };
  if (!add) return next ? [next] : [];
  if (present === undefined) return next ? [...sort, next] : sort;
  return next ? sort.with(at, next) : sort.toSpliced(at, 1);
}
