import type { ColorResult, PredicateJson, ScalarJson } from "../host/protocol";

export type NumberResult = Extract<ColorResult, { kind: "number" }>;

/** A brushed range as places among the histogram's edges: 0 to bins, low < high. */
export interface Range {
  low: number;
  high: number;
}

/** The clause of a brushed range; its ends are the data's own edges, whole for integers. */
export function rangePredicate(result: NumberResult, range: Range): PredicateJson {
  const [low, high] = rangeEnds(result, range);
  return { op: "between", column: result.column, low, high };
}

function rangeEnds(result: NumberResult, { low, high }: Range): [ScalarJson, ScalarJson] {
  if (result.format === "datetime") {
    return [momentAt(result, low), momentAt(result, high)];
  }
  const from = result.edges[low] ?? result.domain[0];
  const to = result.edges[high] ?? result.domain[1];
  if (result.format === "number") return [from, to];
  // Both ends belong to `between`, but a bin's upper edge to the next bin, unless it is the last.
  const last = high === result.counts.length;
  const whole = Math.ceil(from);
  return [whole, Math.max(whole, last ? Math.floor(to) : Math.ceil(to) - 1)];
}

/** An edge as the kernel reads moments: a day where the column holds days. */
function momentAt(result: NumberResult, edge: number): ScalarJson {
  const value = result.edgeLabels[edge] ?? "";
  return { type: value.includes("T") ? "datetime" : "date", value };
}

/** Where a predicate lies among the edges, in fractions of bins; null where it is no range of this column. */
export function rangeFrom(result: NumberResult, predicate: PredicateJson | null): Range | null {
  if (predicate?.op !== "between" || predicate.column !== result.column) return null;
  const low = placeOf(result, predicate.low);
  // Whole numbers: up to 3 is before 4, so that the brush covers the bin it was drawn over.
  const whole = result.format === "integer" && typeof predicate.high === "number";
  const high = placeOf(result, whole ? Number(predicate.high) + 1 : predicate.high);
  return low === null || high === null ? null : { low, high: Math.max(low, high) };
}

function placeOf(result: NumberResult, value: ScalarJson): number | null {
  const numbers =
    result.format === "datetime" ? result.edgeLabels.map((text) => Date.parse(text)) : result.edges;
  const wanted =
    typeof value === "object"
      ? result.format === "datetime"
        ? Date.parse(value.value)
        : Number(value.value)
      : Number(value);
  if (Number.isNaN(wanted)) return null;
  const bins = numbers.length - 1;
  for (let i = 0; i <= bins; i++) {
    const edge = numbers[i] ?? 0;
    if (wanted === edge) return i;
    if (wanted < edge) {
      const before = numbers[i - 1];
      return before === undefined ? 0 : i - 1 + (wanted - before) / (edge - before);
    }
  }
  return bins;
}

/** The range between two places under the pointer: whole bins, never empty. */
export function snapped(a: number, b: number, bins: number): Range {
  const clamp = (v: number) => Math.min(bins, Math.max(0, v));
  const low = Math.floor(clamp(Math.min(a, b)));
  const high = Math.ceil(clamp(Math.max(a, b)));
  return low === high ? (low === bins ? { low: low - 1, high } : { low, high: low + 1 }) : { low, high };
}

/** A range moved by whole bins, kept inside. */
export function moved(range: Range, by: number, bins: number): Range {
  const low = Math.round(range.low);
  const width = Math.max(1, Math.round(range.high) - low);
  const to = Math.min(bins - width, Math.max(0, low + by));
  return { low: to, high: to + width };
}

/** A range in words: the ends that its clause has. */
export function rangeText(predicate: PredicateJson): string {
  if (predicate.op !== "between") return "";
  return `${scalarText(predicate.low)} – ${scalarText(predicate.high)}`;
}

function scalarText(value: ScalarJson): string {
  // ISO text has a T between day and time.
  if (typeof value === "object") return value.value.replace("T", " ");
  if (typeof value !== "number") return String(value);
  return Number.isInteger(value) ? value.toLocaleString("en-US") : String(Number(value.toPrecision(4)));
}
