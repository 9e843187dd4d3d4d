import { type Answer, type AskOptions, type Host, HostError, type HostListener } from "./host";
import type {
  Arrays,
  ClauseInfo,
  ClauseSource,
  LensState,
  Mode,
  PredicateJson,
  SavedInfo,
  ScalarJson,
  Verb,
  Verbs,
} from "./protocol";
import type { Sample } from "./sample";
import { SavedRows } from "./saved-rows";

/** What `hub.marks` holds: for each clause of the saved state the rows of the sample that it selects, a bit each. */
export interface SavedMarks {
  clauses?: unknown;
}

interface Clause {
  info: ClauseInfo;
  mask: Uint8Array;
}

const VERBS: ReadonlySet<Verb> = new Set<Verb>([
  "hello", "points", "color", "legend", "clause", "clear", "undo", "redo", "focus", "page", "locate", "row", "snippet",
]); // biome-ignore format: a list

/**
 * The rows that were saved with a notebook, as a host: for when no kernel answers. Rows are named by their place in the
 * sample. What it says is true of the saved rows; what they can't tell, it refuses in a sentence.
 */
export class SavedHost implements Host {
  private readonly rows: SavedRows;
  readonly #listeners: HostListener[] = [];
  private clauses: Clause[] = [];
  readonly #past: Clause[][] = [];
  readonly #future: Clause[][] = [];
  private focus: number | null = null;
  #revision = 1;

  constructor(
    private readonly sample: Sample,
    private readonly before: LensState,
    marks: SavedMarks,
    private readonly why: SavedInfo["why"],
  ) {
    this.rows = new SavedRows(sample);
    this.clauses = savedClauses(sample, before, marks);
    const focus = before.focus ? sample.ordinals.indexOf(before.focus.ordinal) : -1;
    this.focus = focus < 0 ? null : focus;
  }

  can(verb: Verb): boolean {
    return VERBS.has(verb);
  }

  listen(listener: HostListener): void {
    this.#listeners.push(listener);
  }

  close(): void {
    this.#listeners.length = 0;
  }

  async ask<V extends Verb>(verb: V, args: Verbs[V]["args"], options: AskOptions = {}): Promise<Answer<V>> {
    const { result, arrays } = this.#answer({ verb, args } as Asked);
    if (options.signal?.aborted) throw new HostError("cancelled", "Cancelled.");
    return { result: result as Verbs[V]["result"], arrays: arrays ?? {}, revision: this.#revision };
  }

  state(): LensState {
    const { sample, before } = this;
    const columns = before.columns.filter(({ name }) => this.rows.columns.has(name));
    const has = (name: string | null) => name !== null && this.rows.columns.has(name);
    const keep = this.#keep(null);
    return {
      ...before,
      revision: this.#revision,
      rows: sample.rows,
      columns,
      map: sample.map && {
        x: sample.map.x,
        y: sample.map.y,
        version: `saved ${before.map?.version}`,
        placed: sample.map.n,
      },
      text: has(before.text) ? before.text : null,
      color: has(before.color) ? before.color : null,
      selection: {
        // What only one of them removes of the saved rows nobody has counted.
        clauses: this.clauses.map(({ info, mask }) => ({ ...info, count: countOf(mask), only: undefined })),
        count: keep === null ? sample.rows : countOf(keep),
        total: sample.rows,
        canUndo: this.#past.length > 0,
        canRedo: this.#future.length > 0,
      },
      focus: this.focus === null ? null : { ordinal: this.focus, key: this.#keyOf(this.focus) },
      saved: {
        rows: sample.rows,
        of: sample.of,
        why: this.why,
        searchable: before.text !== null && this.rows.isWhole(before.text),
      },
    };
  }

  bits(): Uint8Array | null {
    const keep = this.#keep(null);
    if (keep === null) return null;
    const bytes = new Uint8Array(Math.ceil(keep.length / 8));
    keep.forEach((bit, row) => {
      bytes[row >> 3] = (bytes[row >> 3] ?? 0) | (bit << (row & 7));
    });
    return bytes;
  }

  #keyOf(row: number): string {
    return String(this.sample.keys[row] ?? "");
  }

  #keep(without: ClauseSource | null): Uint8Array | null {
    const counts = ({ info }: Clause) => info.enabled !== false && info.source !== without;
    const masks = this.clauses.filter(counts).map(({ mask }) => mask);
    if (masks.length === 0) return null;
    return Uint8Array.from({ length: this.sample.rows }, (_, row) =>
      Number(masks.every((mask) => mask[row] === 1)),
    );
  }

  #answer(asked: Asked): { result: unknown; arrays?: Arrays } {
    switch (asked.verb) {
      case "hello": {
        const mask = this.bits();
        return { result: this.state(), arrays: mask ? { mask } : {} };
      }
      case "points": {
        const { map } = this.sample;
        if (!map) throw new HostError("ValueError", "There are no coordinates yet.");
        const { xy, placed, ...rest } = map;
        const arrays: Arrays = placed ? { xy, placed } : { xy };
        return { result: { ...rest, version: this.state().map?.version }, arrays };
      }
      case "color":
      case "legend": {
        const { column } = asked.args;
        const { result, codes } = this.rows.legend(column, this.#keep(`column:${column}`));
        return { result: { ...result, points: this.state().map?.version ?? "" }, arrays: { codes } };
      }
      case "clause": {
        const { source, predicate, mode } = asked.args;
        this.#put(source, predicate, mode);
        return { result: null };
      }
      case "clear":
        if (this.clauses.length > 0) this.#change([]);
        return { result: null };
      case "undo":
      case "redo": {
        const [from, to] = asked.verb === "undo" ? [this.#past, this.#future] : [this.#future, this.#past];
        const next = from.pop();
        if (next) {
          to.push(this.clauses);
          this.clauses = next;
          this.#tell();
        }
        return { result: null };
      }
      case "focus":
        this.focus = asked.args.ordinal;
        this.#tell();
        return { result: null };
      case "page": {
        const { start, count, sort, columns } = asked.args;
        const order = this.rows.order(this.#keep(null), sort);
        const names = columns ?? [...this.rows.columns.keys()];
        const rows = order.slice(start, start + count).map((row) => ({
          ordinal: row,
          key: this.#keyOf(row),
          cells: names.map((name) => this.rows.cell(name, row)),
        }));
        const revision = this.#revision;
        const result = { start, total: order.length, of: this.sample.rows, revision, columns: names, rows };
        return { result };
      }
      case "locate": {
        const index = this.rows.order(this.#keep(null), asked.args.sort).indexOf(asked.args.ordinal);
        return { result: { index: index < 0 ? null : index } };
      }
      case "row": {
        const { ordinal } = asked.args;
        const columns = this.before.columns
          .filter(({ name }) => this.rows.columns.has(name))
          .map(({ name, kind, role, derived }) => ({
            name,
            kind,
            role,
            derived,
            cell: this.rows.cell(name, ordinal),
          }));
        return { result: { ordinal, key: this.#keyOf(ordinal), columns } };
      }
      case "snippet": {
        const { text } = this.before;
        const texts = asked.args.ordinals.map((row) => {
          const cell = text === null ? null : this.rows.cell(text, row);
          return cell === null || typeof cell === "string" ? cell : "text" in cell ? `${cell.text}…` : null;
        });
        return { result: { texts, keys: asked.args.ordinals.map((row) => this.#keyOf(row)) } };
      }
      default:
        throw new HostError("unsupported", "This needs the kernel: run the notebook's cells again.");
    }
  }

  #put(source: ClauseSource, predicate: PredicateJson | null, mode: Mode): void {
    const old = this.clauses.find(({ info }) => info.source === source);
    if (predicate === null) {
      if (old) this.#change(this.clauses.filter((clause) => clause !== old));
      return;
    }
    const shape = this.rows.mask(predicate);
    const clause = {
      mask: combined(old?.mask ?? null, shape, mode),
      info: infoOf(
        source,
        merged(old?.info.predicate ?? null, predicate, old ? mode : mode === "subtract" ? mode : "replace"),
      ),
    };
    this.#change(old ? this.clauses.map((one) => (one === old ? clause : one)) : [...this.clauses, clause]);
  }

  #change(next: Clause[]): void {
    this.#past.push(this.clauses);
    this.#future.length = 0;
    this.clauses = next;
    this.#tell();
  }

  #tell(): void {
    this.#revision += 1;
    for (const listener of this.#listeners) listener.changed(this.state(), this.bits());
  }
}

type Asked = { [V in Verb]: { verb: V; args: Verbs[V]["args"] } }[Verb];

function savedClauses(sample: Sample, { selection }: LensState, marks: SavedMarks): Clause[] {
  const kept = Array.isArray(marks.clauses) ? marks.clauses : [];
  if (kept.length !== selection.clauses.length) return [];
  return selection.clauses.flatMap((info, i) => {
    const bits: unknown = kept[i];
    if (!(bits instanceof DataView) || bits.byteLength < sample.rows / 8) return [];
    const mask = Uint8Array.from(
      { length: sample.rows },
      (_, row) => (bits.getUint8(row >> 3) >> (row & 7)) & 1,
    );
    return [{ info, mask }];
  });
}

function combined(old: Uint8Array | null, shape: Uint8Array, mode: Mode): Uint8Array {
  if (old === null) return mode === "subtract" ? shape.map((bit) => 1 - bit) : shape;
  if (mode === "replace") return shape;
  return shape.map((bit, row) => {
    const was = old[row] ?? 0;
    return mode === "add" ? was | bit : mode === "subtract" ? was & (1 - bit) : was & bit;
  });
}

function merged(old: PredicateJson | null, shape: PredicateJson, mode: Mode): PredicateJson {
  const part: PredicateJson = mode === "subtract" ? { op: "not", of: shape } : shape;
  if (old === null || mode === "replace") return part;
  return { op: mode === "add" ? "or" : "and", of: [old, part] };
}

function infoOf(source: ClauseSource, predicate: PredicateJson): ClauseInfo {
  const label = labelOf(predicate);
  return { source, label, detail: label, count: 0, note: null, predicate };
}

function labelOf(predicate: PredicateJson): string {
  switch (predicate.op) {
    case "inside":
      return "inside lasso";
    case "is_in":
      return `${predicate.column} in ${predicate.values.map(textOf).join(", ")}`;
    case "between":
      return `${textOf(predicate.low)} ≤ ${predicate.column} ≤ ${textOf(predicate.high)}`;
    case "eq":
      return "column" in predicate.left && "value" in predicate.right
        ? `${predicate.left.column} == ${textOf(predicate.right.value)}`
        : "equal";
    case "is_null":
      return `${predicate.column} is null`;
    case "contains":
      return `${predicate.column} contains "${predicate.value}"`;
    case "not":
      return `not ${labelOf(predicate.of)}`;
    case "and":
    case "or":
      return predicate.of.map(labelOf).join(` ${predicate.op} `);
    default:
      return predicate.op;
  }
}

function textOf(value: ScalarJson): string {
  if (typeof value === "number") return String(Number(value.toPrecision(4)));
  return typeof value === "object" ? value.value : String(value);
}

function countOf(mask: Uint8Array): number {
  return mask.reduce((sum, bit) => sum + bit, 0);
}
