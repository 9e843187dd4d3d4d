import { HostError } from "./host";
import { rowsOf } from "./points";
import {
  type Cell,
  CODE_FIRST,
  CODE_NOT_COMPUTED,
  CODE_NULL,
  CODE_OTHER,
  type ColorResult,
  NUMBER_STEPS,
  type PredicateJson,
  type ScalarJson,
  type Sort,
} from "./protocol";
import type { Sample, SampleColumn } from "./sample";

const DIGITS = 4;
const EXACT = 1e15;

/** The rows of a sample: their values as text, in order, and which of them a predicate selects. */
export class SavedRows {
  readonly columns: Map<string, SampleColumn>;

  constructor(readonly sample: Sample) {
    this.columns = new Map(sample.columns.map((column) => [column.name, column]));
  }

  /** Whether every text of a column was saved whole. */
  isWhole(name: string): boolean {
    const cells = this.columns.get(name)?.cells;
    return cells?.every((cell) => cell === null || typeof cell === "string") ?? false;
  }

  cell(name: string, row: number): Cell {
    const column = this.columns.get(name);
    if (!column) return null;
    const code = column.codes?.[row];
    if (code === CODE_NOT_COMPUTED) return { state: "not computed" };
    if (column.cells) return column.cells[row] ?? null;
    if (code === undefined || code === CODE_NULL) return null;
    if (column.values) return numberText(column.values[row] ?? Number.NaN);
    if (column.legend?.kind !== "category") return null;
    return column.legend.values[code - CODE_FIRST]?.label ?? "(a rarer value)";
  }

  /** The rows for which `keep` holds, sorted as a table is. */
  order(keep: Uint8Array | null, sort: Sort[]): number[] {
    const rows: number[] = [];
    for (let row = 0; row < this.sample.rows; row += 1) if (keep === null || keep[row] === 1) rows.push(row);
    const keys = sort.map(({ column, descending }) => ({ of: this.#sortKey(column), descending }));
    if (keys.length === 0) return rows;
    return rows.sort((a, b) => {
      for (const { of, descending } of keys) {
        const [u, v] = [of(a), of(b)];
        if (u === null || v === null) {
          if (u !== v) return u === null ? 1 : -1; // what has no value comes last either way
        } else if (u !== v) return u < v === descending ? 1 : -1;
      }
      return a - b;
    });
  }

  #sortKey(name: string): (row: number) => string | number | null {
    const column = this.columns.get(name);
    const values = column?.values;
    if (values) {
      return (row) => {
        const value = values[row];
        return value === undefined || Number.isNaN(value) ? null : value;
      };
    }
    return (row) => {
      const cell = this.cell(name, row);
      return cell === null || typeof cell === "string" ? cell : "text" in cell ? cell.text : null;
    };
  }

  /** A column's legend, counted over these rows and over a selection of them. */
  legend(name: string, keep: Uint8Array | null): { result: ColorResult; codes: Uint8Array | Uint16Array } {
    const column = this.columns.get(name);
    if (!column?.legend || !column.codes) {
      throw new HostError(
        "unsupported",
        `The colors of '${name}' were not saved. Run the notebook's cells again to see them.`,
      );
    }
    const { legend, codes } = column;
    const size = CODE_FIRST + (legend.kind === "number" ? NUMBER_STEPS : legend.values.length);
    const [all, chosen] = [new Uint32Array(size), new Uint32Array(size)];
    codes.forEach((code, row) => {
      all[code] = (all[code] ?? 0) + 1;
      if (keep === null || keep[row] === 1) chosen[code] = (chosen[code] ?? 0) + 1;
    });
    const common = {
      column: name,
      points: "",
      nulls: all[CODE_NULL] ?? 0,
      notComputed: all[CODE_NOT_COMPUTED] ?? 0,
    };
    if (legend.kind === "number") {
      const bins = legend.edges.length - 1;
      const counts = binned(all, bins);
      return {
        codes,
        result: { ...legend, ...common, scales: [legend.scale], counts, selected: binned(chosen, bins) },
      };
    }
    const values = legend.values.map((value, i) => ({
      ...value,
      count: all[CODE_FIRST + i] ?? 0,
      selected: chosen[CODE_FIRST + i] ?? 0,
    }));
    const other = { ...legend.other, count: all[CODE_OTHER] ?? 0, selected: chosen[CODE_OTHER] ?? 0 };
    return { codes, result: { ...legend, ...common, values, other } };
  }

  /** Which rows a predicate selects, 1 or 0; throws a sentence where the sample can't tell. */
  mask(predicate: PredicateJson): Uint8Array {
    const { rows } = this.sample;
    switch (predicate.op) {
      case "everything":
        return new Uint8Array(rows).fill(1);
      case "not":
        return this.mask(predicate.of).map((bit) => 1 - bit);
      case "and":
      case "or": {
        const parts = predicate.of.map((part) => this.mask(part));
        const holds = (row: number) => (part: Uint8Array) => part[row] === 1;
        return Uint8Array.from({ length: rows }, (_, row) =>
          Number(predicate.op === "and" ? parts.every(holds(row)) : parts.some(holds(row))),
        );
      }
      case "inside":
        return this.#inside(predicate);
      case "is_null": {
        const { codes } = this.#known(predicate.column);
        if (codes) return Uint8Array.from(codes, (code) => Number(code <= CODE_NOT_COMPUTED));
        return this.test((row) => this.cell(predicate.column, row) === null);
      }
      case "contains":
        if (!this.isWhole(predicate.column)) throw unsupported(`A search in '${predicate.column}'`);
        return this.test((row) => {
          const cell = this.cell(predicate.column, row);
          return typeof cell === "string" && cell.includes(predicate.value);
        });
      case "is_in":
        return this.#among(predicate.column, predicate.values);
      case "between": {
        const { values } = this.#known(predicate.column);
        const [low, high] = [numberOf(predicate.low), numberOf(predicate.high)];
        if (!values || low === null || high === null) throw unsupported(`A range of '${predicate.column}'`);
        // The page's moments end at milliseconds, the saved ones at microseconds.
        const slack = typeof predicate.high === "object" ? 999 : 0;
        return Uint8Array.from(values, (value) => Number(value >= low && value <= high + slack));
      }
      case "eq":
        if ("column" in predicate.left && "value" in predicate.right) {
          return this.#among(predicate.left.column, [predicate.right.value]);
        }
        throw unsupported("This condition");
      default:
        throw unsupported("This condition");
    }
  }

  private test(holds: (row: number) => boolean): Uint8Array {
    return Uint8Array.from({ length: this.sample.rows }, (_, row) => Number(holds(row)));
  }

  #known(name: string): SampleColumn {
    const column = this.columns.get(name);
    if (!column) throw unsupported(`A condition on '${name}'`);
    return column;
  }

  #among(name: string, wanted: ScalarJson[]): Uint8Array {
    const { legend, codes, values } = this.#known(name);
    if (values) {
      const numbers = new Set(wanted.map(numberOf));
      return Uint8Array.from(values, (value) => Number(numbers.has(value)));
    }
    if (legend?.kind !== "category" || !codes) throw unsupported(`A condition on '${name}'`);
    const texts = new Set(wanted.map((value) => JSON.stringify(value)));
    const hit = legend.values.map(({ value }) => texts.has(JSON.stringify(value)));
    return Uint8Array.from(codes, (code) => Number(hit[code - CODE_FIRST] ?? false));
  }

  #inside({ x, y, polygon }: Extract<PredicateJson, { op: "inside" }>): Uint8Array {
    const { map, rows } = this.sample;
    if (!map || map.x !== x || map.y !== y) throw unsupported(`A region of '${x}' and '${y}'`);
    const mask = new Uint8Array(rows);
    const placed = rowsOf(map.n, map.placed);
    for (let i = 0; i < map.n; i++) {
      const px = map.origin[0] + map.scale[0] * (map.xy[2 * i] ?? 0);
      const py = map.origin[1] + map.scale[1] * (map.xy[2 * i + 1] ?? 0);
      let odd = false;
      polygon.forEach(([x1, y1], i) => {
        const [x2, y2] = polygon[(i + 1) % polygon.length] ?? [x1, y1];
        if (y1 > py !== y2 > py && px < ((x2 - x1) * (py - y1)) / (y2 - y1) + x1) odd = !odd;
      });
      mask[placed?.[i] ?? i] = Number(odd);
    }
    return mask;
  }
}

function unsupported(what: string): HostError {
  return new HostError(
    "unsupported",
    `${what} needs the kernel: run the notebook's cells again. Without it only what was saved can be asked.`,
  );
}

function binned(steps: Uint32Array, bins: number): number[] {
  const width = NUMBER_STEPS / bins;
  return Array.from({ length: bins }, (_, bin) => {
    const from = CODE_FIRST + bin * width;
    return steps.subarray(from, from + width).reduce((sum, count) => sum + count, 0);
  });
}

/** Numbers as they are, dates as the microseconds that they are saved as; null for what a float can't say. */
function numberOf(value: ScalarJson): number | null {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || (value.type !== "date" && value.type !== "datetime")) return null;
  // Without a zone the saved numbers are in UTC.
  const zoned = value.type === "date" || /(Z|[+-]\d\d:\d\d)$/u.test(value.value);
  const time = Date.parse(zoned ? value.value : `${value.value}Z`);
  return Number.isNaN(time) ? null : time * 1000;
}

function numberText(value: number): string | null {
  if (Number.isNaN(value)) return null;
  if (Number.isInteger(value) && Math.abs(value) < EXACT) return String(value);
  return String(Number(value.toPrecision(DIGITS)));
}
