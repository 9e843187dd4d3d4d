import type { ClauseSource, ColorResult, ColorScale, ColumnInfo } from "../../src/host/protocol";
import type { Raw, Table } from "./data";

const BINS = 36;
const STEPS = 252;

interface Colored {
  table: Table;
  columns: ColumnInfo[];
  mask(without: ClauseSource): boolean[];
}

/** Codes by ordinal and the legend of a column, as the kernel computes them. */
export function coloring(
  lens: Colored,
  name: string,
  scale: ColorScale | null,
): { result: ColorResult; codes: number[] } {
  const values = lens.table[name] ?? [];
  const kind = lens.columns.find((c) => c.name === name)?.kind;
  const chosen = lens.mask(`column:${name}`);
  const common = {
    column: name,
    points: "v1",
    nulls: values.filter((v) => v === null).length,
    notComputed: values.filter((v) => v === undefined).length,
  };
  const blank = (v: Raw) => (v === null ? 0 : v === undefined ? 1 : null);
  if (kind === "number" || kind === "integer" || kind === "datetime") {
    const numeric = values.map((v) => (v == null ? null : typeof v === "number" ? v : Date.parse(`${v}Z`)));
    const sorted = numeric.filter((v) => v !== null).sort((a, b) => a - b);
    const [low, high] = [sorted[0] ?? 0, sorted[sorted.length - 1] ?? 1];
    const kept: ColorScale = scale ?? "linear";
    const edges = Array.from({ length: BINS + 1 }, (_, k) => {
      const t = k / BINS;
      if (kept === "quantile") return sorted[Math.round(t * (sorted.length - 1))] ?? 0;
      return kept === "log" ? Math.exp(Math.log(low) + t * Math.log(high / low)) : low + t * (high - low);
    });
    const text = edges.map((e) =>
      kind === "datetime"
        ? new Date(e).toISOString().slice(0, 19)
        : kind === "integer"
          ? Math.round(e).toLocaleString("en-US")
          : String(Number(e.toPrecision(4))),
    );
    const counts = new Array<number>(BINS).fill(0);
    const selected = new Array<number>(BINS).fill(0);
    const codes = numeric.map((v, i) => {
      if (v === null) return blank(values[i]) ?? 0;
      let bin = edges.findLastIndex((e) => e <= v);
      bin = Math.min(BINS - 1, Math.max(0, bin));
      counts[bin] = (counts[bin] ?? 0) + 1;
      if (chosen[i]) selected[bin] = (selected[bin] ?? 0) + 1;
      return 3 + Math.round((bin / (BINS - 1)) * STEPS);
    });
    const scales: ColorScale[] =
      low > 0 && kind !== "datetime" ? ["linear", "log", "quantile"] : ["linear", "quantile"];
    return {
      codes,
      result: {
        ...common,
        kind: "number",
        scale: kept,
        scales,
        format: kind,
        domain: [low, high],
        labels: [text[0] ?? "", text[BINS] ?? ""],
        edges,
        edgeLabels: text,
        counts,
        selected,
      },
    };
  }
  const tally = new Map<string | number, { count: number; selected: number }>();
  values.forEach((v, i) => {
    if (v == null) return;
    const entry = tally.get(v) ?? { count: 0, selected: 0 };
    entry.count += 1;
    if (chosen[i]) entry.selected += 1;
    tally.set(v, entry);
  });
  const list = [...tally].sort((a, b) => b[1].count - a[1].count);
  const place = new Map(list.map(([v], i) => [v, i]));
  return {
    codes: values.map((v) => blank(v) ?? 3 + (place.get(v ?? "") ?? 0)),
    result: {
      ...common,
      kind: "category",
      values: list.map(([value, n]) => ({ value, label: String(value), ...n })),
      other: { values: 0, count: 0, selected: 0 },
    },
  };
}
