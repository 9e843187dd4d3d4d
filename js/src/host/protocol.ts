/**
 * What the kernel and a view say to one another. Mirrors src/datalens/widgets/protocol.py.
 *
 * A request is `{v, id, verb, args}`; its reply carries the same id. The verbs are fixed: the browser
 * never sends code or SQL. Binary results follow their JSON as one run of bytes, cut into parts of at
 * most 4 MiB; `arrays` says how to slice it. The kernel alone counts `revision` up.
 */

export const PROTOCOL_VERSION = 1;

/** A predicate as JSON, exactly as Python's `Predicate.to_json()` nests it under "predicate". */
export type PredicateJson =
  | { op: "eq" | "ne" | "lt" | "le" | "gt" | "ge"; left: OperandJson; right: OperandJson }
  | { op: "between"; column: string; low: ScalarJson; high: ScalarJson }
  | { op: "is_in"; column: string; values: ScalarJson[] }
  | { op: "is_null"; column: string }
  | { op: "contains" | "starts_with"; column: string; value: string }
  | { op: "matches"; column: string; pattern: string }
  | { op: "items"; column: string; which: "any" | "all"; of: PredicateJson }
  | { op: "member"; column: string; name: string; of: PredicateJson }
  | {
      op: "linear";
      column: string;
      weights: number[];
      threshold: number;
      compare: "ge" | "gt" | "le" | "lt";
      cosine: boolean;
    }
  | { op: "inside"; x: string; y: string; polygon: [number, number][] }
  | { op: "keys"; identity: { scheme: string; columns: string[] }; values: ScalarJson[] }
  | { op: "and" | "or"; of: PredicateJson[] }
  | { op: "not"; of: PredicateJson }
  | { op: "everything" };

export type OperandJson =
  | { column: string }
  | { length: string }
  | { value: ScalarJson }
  | { op: "add" | "sub" | "mul" | "div"; left: OperandJson; right: OperandJson };
/** Dates, times and integers beyond 2**53 travel as `{type, value}`. */
export type ScalarJson = string | number | boolean | { type: string; value: string };

/** Where a clause comes from: one clause per source, all ANDed. */
export type ClauseSource =
  | "map"
  | "search"
  | "rows"
  | "neighbours"
  | "tags"
  | "code"
  | `column:${string}`
  | `typed:${number}`;
export type Mode = "replace" | "add" | "subtract" | "intersect";

export type ColumnKind =
  | "number"
  | "integer"
  | "category" // strings and few-valued integers: values to pick from
  | "text" // long or mostly unique strings
  | "boolean"
  | "datetime"
  | "nested" // lists, structs, maps
  | "bytes"
  | "vector";

export interface ColumnInfo {
  name: string;
  kind: ColumnKind;
  /** Right-aligned in the table. */
  numeric: boolean;
  /** Computed by DataLens, not from the caller's data. */
  derived: boolean;
  /**
   * "text", "label", "source", "key", "embedding", "image", "chat", "chosen", "rejected", "x", "y" or "cluster"; of what a
   * person marked "tags", "note", "star", "seen".
   */
  role: string | null;
  /** Rows whose value is null or NaN. */
  nulls: number;
  /** Rows whose value a stopped step has not computed. */
  notComputed: number;
  version: string | null;
}

export interface ClauseInfo {
  source: ClauseSource;
  /** A short sentence, e.g. `inside lasso` or `loss > 3.2`. */
  label: string;
  /** The full repr of the predicate, for a tooltip; clipped at 2,000 characters. */
  detail: string;
  /** Rows this clause alone selects. */
  count: number;
  // What was saved long ago lacks the next five.
  /** Rows that only this clause removes: all others select them. */
  only?: number;
  /** Rows with a null in a column that it looks at. */
  nulls?: number;
  /** Whether it counts; one that is switched off is shown, and selects nothing away. */
  enabled?: boolean;
  /** Whether it is made of parts, and how. */
  joined?: "and" | "or" | null;
  parts?: string[];
  /** Why it no longer is what was drawn, e.g. "lasso on an earlier map"; else null. */
  note: string | null;
  /** null when too large to travel (a long list of keys). */
  predicate: PredicateJson | null;
}

export interface SelectionInfo {
  clauses: ClauseInfo[];
  /** Rows selected; equals `total` when there are no clauses. */
  count: number;
  total: number;
  canUndo: boolean;
  canRedo: boolean;
}

export interface ProgressInfo {
  label: string;
  done: number;
  total: number | null;
}

/** What a lens of some of the rows was drawn from. */
export interface SampleInfo {
  /** Rows there were to draw from. */
  of: number;
  title: string;
  /** `sampled by 'source', random_state=0` */
  how: string;
}

/** That a view shows what was saved with the notebook: a sample, without a kernel. */
export interface SavedInfo {
  /** Rows saved. */
  rows: number;
  /** Rows that the dataset has. */
  of: number;
  /** "reopened": the page has never had this kernel; "waiting": the kernel has not answered yet. */
  why: "reopened" | "waiting" | "restarted" | "ended" | "closed";
  /** Whether every text is whole, so that a search in them tells the truth. */
  searchable: boolean;
}

/** Everything small: what `hello` answers and what each `changed` event repeats. */
export interface LensState {
  revision: number;
  rows: number;
  title: string;
  /** null where the lens holds all rows. */
  sample: SampleInfo | null;
  columns: ColumnInfo[];
  /** The columns the map is drawn from, or null while there are none. */
  map: { x: string; y: string; version: string; placed: number } | null;
  /** The column that the search looks in; null where there is no text. */
  text: string | null;
  /** What the map is coloured by where nobody has chosen. */
  color: string | null;
  /** What `code` is asked for; what was saved long ago does not say. */
  dialects?: string[];
  selection: SelectionInfo;
  /** Another one after each change of marks, also of colours and keys of tags; what was saved long ago lacks it. */
  marks?: string;
  /** Ordinal of the sample being read, and its key as text. */
  focus: { ordinal: number; key: string } | null;
  /** Only where no kernel answers; the kernel itself never sends it. */
  saved?: SavedInfo;
}

/** `points`: arrays xy (uint16, 2n interleaved, in the order of the rows), placed (a bit a row; left out where all are). */
export interface PointsResult {
  version: string;
  x: string;
  y: string;
  /** Placed rows; rows with a null coordinate are not on the map. */
  n: number;
  /** data = origin + scale * xy, per axis. */
  origin: [number, number];
  scale: [number, number];
}

/**
 * `refine`: arrays ordinals (uint32, ascending), the rows within the bounds, and rests (uint32, one each): what the steps
 * of `points` leave of x (lower 16 bits) and y (upper), in 65,536ths of a step, 32,768 for none. Both empty where the map
 * has another version, or more than `most` rows lie there.
 */
export interface RefineResult {
  version: string;
  /** Rows within the bounds. */
  rows: number;
  most: number;
}

export type ColorScale = "linear" | "log" | "symmetric" | "quantile";

/** Colour codes: one per row. */
export const CODE_NULL = 0;
export const CODE_NOT_COMPUTED = 1;
export const CODE_OTHER = 2;
/** Categories count up from here; numbers use FIRST + round(t * 252), t in [0, 1]. */
export const CODE_FIRST = 3;
export const NUMBER_STEPS = 252;

interface ColorCommon {
  column: string;
  /** Version of the points on show when they were made. */
  points: string;
  nulls: number;
  notComputed: number;
}

export interface CategoryInfo {
  value: ScalarJson;
  label: string;
  count: number;
  selected: number;
  /** Of a tag: the colour that was chosen for it, else its place among all tags. A row has the colour of its first. */
  color?: string | number;
}

/** `color`: array codes (uint8, or uint16 beyond 250 categories). */
export type ColorResult =
  | (ColorCommon & {
      kind: "number";
      scale: ColorScale;
      /** Scales this column can have (log needs positive values). */
      scales: ColorScale[];
      format: "number" | "integer" | "datetime";
      /** Ends of the scale in data units; datetimes as ISO text in `labels`. */
      domain: [number, number];
      labels: [string, string];
      /** Edges of the histogram's bins in data units (bins + 1), equal steps of the scale. */
      edges: number[];
      edgeLabels: string[];
      counts: number[];
      /** Counts of what all other clauses select. */
      selected: number[];
    })
  | (ColorCommon & {
      kind: "category";
      /** Most frequent first; code = CODE_FIRST + index. At most 2,000. */
      values: CategoryInfo[];
      /** What is beyond the list. */
      other: { values: number; count: number; selected: number };
    });

export type Cell =
  | null
  | string
  /** A long text, clipped; `of` is its whole length in characters. */
  | { text: string; of: number }
  /** A stopped step has not computed it. */
  | { state: "not computed" };

export interface Sort {
  column: string;
  descending: boolean;
}

export interface PageResult {
  start: number;
  /** Rows the selection has, as `revision` knows it. */
  total: number;
  of: number;
  revision: number;
  columns: string[];
  rows: { ordinal: number; key: string; cells: Cell[] }[];
}

export interface RowResult {
  ordinal: number;
  key: string;
  columns: { name: string; kind: ColumnKind; role: string | null; derived: boolean; cell: Cell }[];
}

export type NeighbourList = "nearest" | "farthest" | "duplicates";

export interface NeighboursResult {
  /** In order of their distance. */
  rows: { ordinal: number; key: string; distance: number; text: string | null }[];
  /** Rows there are to choose from; of near-duplicates, how many there are in all. */
  total: number;
  of: number;
  /** Cosine distance up to which rows are near-duplicates. */
  within: number;
  /** The column of vectors. */
  column: string;
  metric: "cosine" | "euclidean";
  /** What was asked for, as the clause's label names it: a key, a typed text, `the centre of 20 rows`. */
  query: string;
  /** Selects exactly these rows: goes back with `clause`, from the source "neighbours". */
  predicate: PredicateJson | null;
  /** Why there is no answer, e.g. that the row has no vector. */
  why: string | null;
}

export interface CodeForm {
  form: "columns" | "keys";
  title: string;
  /** One line: what this form is good for. */
  good: string;
  /** null where this form can't be made; `why` says so. */
  code: string | null;
  why: string | null;
}

/** What a typed condition selects, or what is wrong with it. */
export interface PreviewResult {
  /** Rows it selects alone, and with the other clauses; null where it is no condition. */
  count: number | null;
  together: number | null;
  error: string | null;
  /** The character (code point) at which it is wrong. */
  position: number | null;
}

export interface Candidate {
  /** What is put in place of what was typed. */
  text: string;
  /** "number", "12,004 rows": what helps to choose; "" where nothing does. */
  about: string;
}

/** What may be typed at the cursor; places are code points. */
export interface CompleteResult {
  from: number;
  to: number;
  candidates: Candidate[];
}

export interface SavedResult {
  items: {
    name: string;
    note: string;
    /** How it stands: "holds: 1,204 rows", "drawn on an earlier map: kept as 1,204 keys". */
    said: string;
    state: "holds" | "kept as keys" | "count moved" | "lost";
    count: number;
  }[];
  of: number;
  /** Why the journal can't be written; null where it can. */
  problem: string | null;
  /** Whether it is on disk. */
  isKept: boolean;
}

export interface TagInfo {
  tag: string;
  /** Rows that have it. */
  count: number;
  /** `#rrggbb`; null where nobody has chosen. */
  color: string | null;
  /** The key, 1 to 9, that sets it. */
  digit: number | null;
}

export interface MarksResult {
  /** null where no row was asked for. */
  row: { ordinal: number; tags: string[]; note: string; star: boolean; seen: boolean } | null;
  /** All tags, in the order in which they first came up. */
  tags: TagInfo[];
  /** Selected rows that were not looked at. */
  left: number;
}

export interface HistoryResult {
  /** Those around the present one; oldest first. */
  steps: { number: number; label: string; time: string }[];
  position: number;
  of: number;
}

/** The fixed verbs: arguments and results. */
export interface Verbs {
  hello: { args: Record<string, never>; result: LensState };
  points: { args: Record<string, never>; result: PointsResult };
  /** Exact positions of the rows in a rectangle: x0, y0, x1, y1 in data units. */
  refine: { args: { version: string; bounds: number[] }; result: RefineResult };
  color: { args: { column: string; scale: ColorScale | null }; result: ColorResult };
  /** The legend's counts again, without the codes. */
  legend: { args: { column: string; scale: ColorScale | null }; result: ColorResult };
  clause: { args: { source: ClauseSource; predicate: PredicateJson | null; mode: Mode }; result: null };
  clear: { args: Record<string, never>; result: null };
  undo: { args: Record<string, never>; result: null };
  redo: { args: Record<string, never>; result: null };
  focus: { args: { ordinal: number | null }; result: null };
  page: {
    args: { start: number; count: number; sort: Sort[]; columns: string[] | null };
    result: PageResult;
  };
  /** Position of a row in the sorted selection; null where it is not selected. */
  locate: { args: { ordinal: number; sort: Sort[] }; result: { index: number | null } };
  row: { args: { ordinal: number }; result: RowResult };
  /** The first few hundred characters of the text of some rows, for hover. */
  snippet: { args: { ordinals: number[] }; result: { texts: (string | null)[]; keys: string[] } };
  /** Rows nearest to, farthest from or all but the same as a row, a typed text or the centre of the selection. */
  neighbours: {
    args: {
      ordinal: number | null;
      text: string | null;
      selection: boolean;
      which: NeighbourList;
      k: number;
      metric?: "cosine" | "euclidean";
    };
    result: NeighboursResult;
  };
  code: { args: { dialect: string }; result: { forms: CodeForm[] } };
  // The predicate bar (widgets/bar.py). `source` names the clause that is edited; null is a new one.
  type: { args: { text: string; source: ClauseSource | null }; result: null };
  preview: { args: { text: string; source: ClauseSource | null }; result: PreviewResult };
  complete: { args: { text: string; cursor: number }; result: CompleteResult };
  /** A clause as text to edit; null where it can't be typed, as a lasso. */
  asText: { args: { source: ClauseSource }; result: { text: string | null } };
  negate: { args: { source: ClauseSource }; result: null };
  enable: { args: { source: ClauseSource; on: boolean }; result: null };
  /** Makes one clause of several, any of which is enough. */
  either: { args: { sources: ClauseSource[] }; result: null };
  /** Makes each part of a clause a clause of its own. */
  apart: { args: { source: ClauseSource }; result: null };
  /** Leaves out one part of a group. */
  part: { args: { source: ClauseSource; part: number }; result: null };
  history: { args: Record<string, never>; result: HistoryResult };
  // Saved selections (widgets/saved.py).
  saved: { args: Record<string, never>; result: SavedResult };
  /** Saves what is selected; an error where the name is taken and `replace` is false. */
  save: { args: { name: string; note: string; replace: boolean }; result: null };
  apply: { args: { name: string; mode: "replace" | "and" | "or" | "minus" }; result: null };
  unsave: { args: { name: string }; result: null };
  /** Writes what could only be kept in memory to the user's own data folder. */
  rescue: { args: Record<string, never>; result: { path: string } };
  jump: { args: { step: number }; result: null };
  // Marks (widgets/marks.py). `ordinal` null: all selected rows.
  mark: {
    args:
      | { what: "tag" | "untag"; ordinal: number | null; tag: string }
      | { what: "star" | "seen"; ordinal: number | null; on: boolean }
      | { what: "note"; ordinal: number; text: string };
    result: null;
  };
  marks: { args: { ordinal: number | null }; result: MarksResult };
  /** null leaves it as it is. A key is taken from the tag that had it; two tags of one name become one. */
  tagStyle: {
    args: { tag: string; color: string | null; digit: number | null; name: string | null };
    result: null;
  };
  /** The next selected row, after this one in the table's order, that was not looked at; else the first such. */
  review: { args: { sort: Sort[]; ordinal: number | null }; result: { next: number | null; left: number } };
  /** Stop the step that is running. */
  stop: { args: Record<string, never>; result: null };
}
export type Verb = keyof Verbs;

/** Ids are text and begin with the page's own prefix: replies reach every page that is on the kernel. */
export interface Request {
  v: number;
  id: string;
  verb: Verb;
  args: unknown;
}

export interface ArrayInfo {
  name: string;
  dtype: "uint8" | "uint16" | "uint32";
  /** In elements. */
  length: number;
  /** In bytes from the start of the payload; a multiple of 8. */
  offset: number;
}

export interface ErrorInfo {
  /** Python's class name, or "timeout", "closed", "unsupported". */
  kind: string;
  /** A sentence for the person. */
  message: string;
}

export type Reply = {
  v: number;
  id: string;
  revision: number;
  part: number;
  parts: number;
} & ({ ok: true; result?: unknown; arrays?: ArrayInfo[] } | { ok: false; error: ErrorInfo });

/**
 * Sent unasked. `mask` says what became of the selection's bitmask: "same" as before, "all" rows are selected,
 * or it follows as the array "mask" (uint8, a bit per ordinal, least significant first). `hello` answers with
 * that array too, unless all rows are selected.
 */
export type Event =
  | {
      v: number;
      event: "changed";
      revision: number;
      part: number;
      parts: number;
      state?: LensState;
      mask?: "same" | "all" | "array";
      arrays?: ArrayInfo[];
    }
  | { v: number; event: "progress"; revision: number; progress?: ProgressInfo | null };

export type Arrays = Record<string, Uint8Array | Uint16Array | Uint32Array>;
