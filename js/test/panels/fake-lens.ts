import { type Answer, type AskOptions, type Host, HostError, type HostListener } from "../../src/host/host";
import type {
  Arrays,
  Cell,
  ClauseInfo,
  ClauseSource,
  ColumnInfo,
  LensState,
  NeighboursResult,
  PageResult,
  PredicateJson,
  SampleInfo,
  Sort,
  Verb,
  Verbs,
} from "../../src/host/protocol";
import { coloring } from "./coloring";
import { COLUMNS, type Table } from "./data";
import { holds, labelOf } from "./evaluate";

/** A lens without a kernel: answers every verb from arrays held here. */
export class FakeLens implements Host {
  readonly asked: { verb: Verb; args: unknown }[] = [];
  readonly columns: ColumnInfo[];
  readonly rows: number;
  sample: SampleInfo | null = null;
  /** Set to hold answers back until it resolves. */
  gate: Promise<void> | null = null;
  note: string | null = null;
  /** Why a typed text has no answer. */
  noEncoder: string | null = null;
  /** A verb that this host does not answer. */
  cannot: Verb | null = null;
  saved: string[] = [];
  /** Why the journal can't be written. */
  problem: string | null = null;
  readonly tags = new Map<number, string[]>();
  readonly notes = new Map<number, string>();
  readonly stars = new Set<number>();
  readonly seen = new Set<number>();
  styles: { tag: string; color: string | null; digit: number | null }[] = [];
  private marked = 0;
  private clauses = new Map<ClauseSource, PredicateJson>();
  private past: Map<ClauseSource, PredicateJson>[] = [];
  private future: Map<ClauseSource, PredicateJson>[] = [];
  private focus: number | null = null;
  private revision = 1;
  private listeners: HostListener[] = [];

  constructor(
    readonly table: Table,
    columns: ColumnInfo[] = COLUMNS,
    readonly textColumn: string | null = "text",
    readonly color: string | null = null,
  ) {
    this.rows = Object.values(table)[0]?.length ?? 0;
    this.columns = columns.map((c) => ({
      ...c,
      nulls: (table[c.name] ?? []).filter((v) => v === null).length,
      notComputed: (table[c.name] ?? []).filter((v) => v === undefined).length,
    }));
  }

  can(verb: Verb): boolean {
    return verb !== this.cannot;
  }

  listen(listener: HostListener): void {
    this.listeners.push(listener);
  }

  close(): void {
    this.listeners = [];
  }

  async ask<V extends Verb>(verb: V, args: Verbs[V]["args"], options?: AskOptions): Promise<Answer<V>> {
    this.asked.push({ verb, args });
    await (this.gate ?? Promise.resolve());
    if (options?.signal?.aborted) throw new HostError("cancelled", "The request was cancelled.");
    const { result, arrays } = this.answer({ verb, args } as Asked);
    return { result: result as Verbs[V]["result"], arrays: arrays ?? {}, revision: this.revision };
  }

  mask(without: ClauseSource | null = null): boolean[] {
    const used = [...this.clauses].filter(([source]) => source !== without).map(([, p]) => p);
    return Array.from({ length: this.rows }, (_, i) => used.every((p) => holds(this, p, i)));
  }

  state(): LensState {
    const chosen = this.mask();
    return {
      revision: this.revision,
      rows: this.rows,
      title: "stub",
      sample: this.sample,
      columns: this.columns,
      map: this.table.x ? { x: "x", y: "y", version: "v1", placed: this.rows } : null,
      text: this.textColumn,
      color: this.color,
      dialects: ["pandas", "duckdb", "lance"],
      marks: String(this.marked),
      selection: {
        clauses: [...this.clauses].map(([source, predicate]) => this.info(source, predicate)),
        count: chosen.filter(Boolean).length,
        total: this.rows,
        canUndo: this.past.length > 0,
        canRedo: this.future.length > 0,
      },
      focus: this.focus === null ? null : { ordinal: this.focus, key: this.key(this.focus) },
    };
  }

  bits(): Uint8Array | null {
    if (this.clauses.size === 0) return null;
    const bytes = new Uint8Array(Math.ceil(this.rows / 8));
    this.mask().forEach((on, i) => {
      if (on) bytes[i >> 3] = (bytes[i >> 3] ?? 0) | (1 << (i & 7));
    });
    return bytes;
  }

  key(i: number): string {
    const name = this.columns.find((c) => c.role === "key")?.name;
    return String(name ? this.table[name]?.[i] : i);
  }

  private info(source: ClauseSource, predicate: PredicateJson): ClauseInfo {
    const count = Array.from({ length: this.rows }, (_, i) => holds(this, predicate, i)).filter(
      Boolean,
    ).length;
    return {
      source,
      label: labelOf(predicate),
      detail: JSON.stringify(predicate).slice(0, 400),
      count,
      note: source === "map" ? this.note : null,
      predicate,
    };
  }

  private change(next: Map<ClauseSource, PredicateJson>): void {
    this.past.push(this.clauses);
    this.future = [];
    this.clauses = next;
    this.tell();
  }

  private tell(): void {
    this.revision += 1;
    for (const listener of this.listeners) listener.changed(this.state(), this.bits());
  }

  private order(sort: Sort[]): number[] {
    const mask = this.mask();
    const rows = Array.from({ length: this.rows }, (_, i) => i).filter((i) => mask[i]);
    return rows.sort((a, b) => {
      for (const { column, descending } of sort) {
        const [u, v] = [this.table[column]?.[a], this.table[column]?.[b]];
        if (u == null || v == null) {
          if ((u == null) !== (v == null)) return u == null ? 1 : -1;
        } else if (u !== v) return (u < v ? -1 : 1) * (descending ? -1 : 1);
      }
      return a - b;
    });
  }

  private cell(name: string, i: number, most: number): Cell {
    const value = this.table[name]?.[i];
    if (value === undefined) return { state: "not computed" };
    if (value === null) return null;
    const text =
      typeof value === "number"
        ? Number.isInteger(value)
          ? String(value)
          : most < 1000
            ? value.toPrecision(4)
            : String(value)
        : value;
    return text.length > most ? { text: text.slice(0, most), of: text.length } : text;
  }

  private answer(asked: Asked): { result: unknown; arrays?: Arrays } {
    switch (asked.verb) {
      case "hello":
        return { result: this.state() };
      case "clause": {
        const { source, predicate } = asked.args;
        const next = new Map(this.clauses);
        if (predicate) next.set(source, predicate);
        else next.delete(source);
        this.change(next);
        return { result: null };
      }
      case "clear":
        this.change(new Map());
        return { result: null };
      case "undo":
      case "redo": {
        const [from, to] = asked.verb === "undo" ? [this.past, this.future] : [this.future, this.past];
        const next = from.pop();
        if (next) {
          to.push(this.clauses);
          this.clauses = next;
          this.tell();
        }
        return { result: null };
      }
      case "focus":
        this.focus = asked.args.ordinal;
        this.tell();
        return { result: null };
      case "page": {
        const { start, count, sort, columns } = asked.args;
        const order = this.order(sort);
        const names = columns ?? this.columns.map((c) => c.name);
        const rows = order.slice(start, start + count).map((ordinal) => ({
          ordinal,
          key: this.key(ordinal),
          cells: names.map((n) => this.cell(n, ordinal, 400)),
        }));
        const result: PageResult = {
          start,
          total: order.length,
          of: this.rows,
          revision: this.revision,
          columns: names,
          rows,
        };
        return { result };
      }
      case "locate": {
        const index = this.order(asked.args.sort).indexOf(asked.args.ordinal);
        return { result: { index: index < 0 ? null : index } };
      }
      case "row": {
        const { ordinal } = asked.args;
        const columns = this.columns.map(({ name, kind, role, derived }) => ({
          name,
          kind,
          role,
          derived,
          cell: this.cell(name, ordinal, 1e6),
        }));
        return { result: { ordinal, key: this.key(ordinal), columns } };
      }
      case "snippet":
        return {
          result: {
            texts: asked.args.ordinals.map((i) =>
              String(this.table[this.textColumn ?? ""]?.[i] ?? "").slice(0, 300),
            ),
            keys: asked.args.ordinals.map((i) => this.key(i)),
          },
        };
      case "neighbours":
        if (this.noEncoder && asked.args.text !== null) throw new HostError("ValueError", this.noEncoder);
        return { result: this.neighbours(asked.args) };
      case "code":
        return { result: { forms: this.forms(asked.args.dialect) } };
      case "color":
      case "legend": {
        const { column, scale } = asked.args;
        const { result, codes } = coloring(this, column, scale);
        return { result, arrays: { codes: Uint8Array.from(codes) } };
      }
      case "points":
        return this.points();
      case "preview": {
        const wrong = [...asked.args.text].indexOf("?");
        const error = wrong < 0 ? null : "A question mark is no condition.";
        const count = error ? null : asked.args.text.length;
        return { result: { count, together: error ? null : 2, error, position: error ? wrong : null } };
      }
      case "complete": {
        const { text, cursor } = asked.args;
        const typed = /\w*$/.exec([...text].slice(0, cursor).join(""))?.[0] ?? "";
        const names = this.columns.filter(({ name }) => typed !== "" && name.startsWith(typed));
        const candidates = names.map(({ name, kind }) => ({ text: name, about: kind }));
        return { result: { from: cursor - typed.length, to: cursor, candidates } };
      }
      case "type":
        if (asked.args.text.includes("?"))
          throw new HostError("ParseError", "A question mark is no condition.");
        return { result: null };
      case "saved": {
        const items = this.saved.map((name) => ({
          name,
          note: "",
          said: "holds: 12 rows",
          state: "holds",
          count: 12,
        }));
        return { result: { items, of: items.length, problem: this.problem, isKept: this.problem === null } };
      }
      case "save":
        this.saved = [...new Set([...this.saved, asked.args.name])];
        return { result: null };
      case "unsave":
        this.saved = this.saved.filter((name) => name !== asked.args.name);
        return { result: null };
      case "rescue":
        this.problem = null;
        return { result: { path: "~/kept.sqlite" } };
      case "mark":
        this.mark(asked.args);
        return { result: null };
      case "marks":
        return { result: this.marks(asked.args.ordinal) };
      case "tagStyle": {
        const { tag, color, digit, name } = asked.args;
        this.styles = this.styles.map((one) =>
          one.tag === tag
            ? { tag: name ?? tag, color: color ?? one.color, digit: digit ?? one.digit }
            : { ...one, digit: one.digit === digit ? null : one.digit },
        );
        this.marked += 1;
        this.tell();
        return { result: null };
      }
      case "review": {
        const order = this.order(asked.args.sort);
        const from = asked.args.ordinal === null ? 0 : order.indexOf(asked.args.ordinal);
        const next = [...order.slice(from), ...order].find(
          (i) => !this.seen.has(i) && i !== asked.args.ordinal,
        );
        return { result: { next: next ?? null, left: order.filter((i) => !this.seen.has(i)).length } };
      }
      case "asText":
        return { result: { text: asked.args.source === "map" ? null : "loss > 3" } };
      case "history":
        return {
          result: {
            steps: [
              { number: 0, label: "all 60 rows", time: "2024-05-01T10:00:00+00:00" },
              { number: 1, label: "lasso, 12 rows", time: "2024-05-01T10:01:00+00:00" },
            ],
            position: 1,
            of: 2,
          },
        };
      default:
        return { result: null };
    }
  }

  /** As the kernel answers, with the numbers of the rows as their vectors: 2 and 4 are 2 hundredths apart. */
  private neighbours({ ordinal, text, selection, which, k }: Verbs["neighbours"]["args"]): NeighboursResult {
    const selected = this.mask().flatMap((on, i) => (on ? [i] : []));
    const at = ordinal ?? (selection ? (selected[0] ?? 0) : (text?.length ?? 0));
    const without = ordinal === null ? (selection ? selected : []) : [ordinal];
    const far = (i: number) => Math.abs(i - at) / 100;
    const answer: NeighboursResult = {
      rows: [],
      total: 0,
      of: this.rows,
      within: 0.05,
      column: "embedding",
      metric: "cosine",
      query:
        ordinal !== null
          ? this.key(at)
          : text !== null
            ? `"${text}"`
            : `the centre of ${selected.length} rows`,
      predicate: null,
      why: null,
    };
    if (at >= this.rows - 1)
      return { ...answer, why: `The row ${this.key(at)} has no vector in 'embedding'.` };
    const rows = Array.from({ length: this.rows - 1 }, (_, i) => i)
      .filter((i) => !without.includes(i) && (which !== "duplicates" || far(i) <= 0.05))
      .sort((a, b) => (far(a) - far(b)) * (which === "farthest" ? -1 : 1) || a - b);
    const shown = rows.slice(0, k);
    const values = shown.map((i) => this.key(i));
    return {
      ...answer,
      total: rows.length,
      rows: shown.map((i) => ({
        ordinal: i,
        key: this.key(i),
        distance: far(i),
        text: String(this.table[this.textColumn ?? ""]?.[i] ?? ""),
      })),
      predicate:
        shown.length > 0 ? { op: "keys", identity: { scheme: "column", columns: ["id"] }, values } : null,
    };
  }

  private mark(args: Verbs["mark"]["args"]): void {
    const rows = args.ordinal === null ? this.order([]) : [args.ordinal];
    if (args.what === "note") this.notes.set(args.ordinal, args.text);
    else if ("on" in args) {
      const set = args.what === "star" ? this.stars : this.seen;
      for (const row of rows) args.on ? set.add(row) : set.delete(row);
    } else {
      const { tag, what } = args;
      if (!this.styles.some((one) => one.tag === tag)) {
        this.styles.push({ tag, color: null, digit: this.styles.length + 1 });
      }
      for (const row of rows) {
        const others = (this.tags.get(row) ?? []).filter((other) => other !== tag);
        this.tags.set(row, what === "tag" ? [...others, tag] : others);
      }
    }
    this.marked += 1;
    this.tell();
  }

  private marks(ordinal: number | null): Verbs["marks"]["result"] {
    const count = (tag: string) => [...this.tags.values()].filter((tags) => tags.includes(tag)).length;
    return {
      row:
        ordinal === null
          ? null
          : {
              ordinal,
              tags: this.tags.get(ordinal) ?? [],
              note: this.notes.get(ordinal) ?? "",
              star: this.stars.has(ordinal),
              seen: this.seen.has(ordinal),
            },
      tags: this.styles.map((style) => ({ ...style, count: count(style.tag) })),
      left: this.order([]).filter((i) => !this.seen.has(i)).length,
    };
  }

  private forms(dialect: string): Verbs["code"]["result"]["forms"] {
    const { count, total } = this.state().selection;
    const why = dialect === "lance" ? "lance can't express a polygon: take the keys." : null;
    const parts = [...this.clauses.values()].map((p) => `    & (${labelOf(p)})`);
    const keys = this.mask().flatMap((on, i) => (on ? [`    ${JSON.stringify(this.key(i))},`] : []));
    return [
      {
        form: "columns",
        title: "Conditions on columns",
        good: "Says why a row is selected, and works on new rows that have these columns.",
        code: why
          ? null
          : `# ${count} of ${total} rows\n# needs 'cluster', 'loss', computed by DataLens: df = lens.to_frame() has them\nmask = (\n${parts.join("\n")}\n)\nselected = df[mask] # ${dialect}\n`,
        why,
      },
      {
        form: "keys",
        title: "Keys of the rows",
        good: "Exactly these rows, on the plain frame, without any computed column.",
        code:
          count > 2000
            ? null
            : `# ${count} of ${total} rows, by column 'id'\nkeys = [\n${keys.join("\n")}\n]\nselected = df[df["id"].isin(keys)]\n`,
        why: "More than 2,000 keys are too long to copy: lens.selection.keys() has them.",
      },
    ];
  }

  private points(): { result: unknown; arrays: Arrays } {
    const axes = [(this.table.x ?? []).map(Number), (this.table.y ?? []).map(Number)];
    const origin = axes.map((axis) => Math.min(...axis));
    const scale = axes.map((axis, k) => (Math.max(...axis) - (origin[k] ?? 0)) / 65535);
    const xy = Uint16Array.from({ length: 2 * this.rows }, (_, i) =>
      Math.round(((axes[i % 2]?.[i >> 1] ?? 0) - (origin[i % 2] ?? 0)) / (scale[i % 2] ?? 1)),
    );
    return { result: { version: "v1", x: "x", y: "y", n: this.rows, origin, scale }, arrays: { xy } };
  }
}

type Asked = { [V in Verb]: { verb: V; args: Verbs[V]["args"] } }[Verb];
