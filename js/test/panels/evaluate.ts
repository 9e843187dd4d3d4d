import type { OperandJson, PredicateJson, ScalarJson } from "../../src/host/protocol";
import type { Raw, Table } from "./data";

interface Rows {
  table: Table;
  key(i: number): string;
}

/** Whether a predicate holds for a row. */
export function holds(lens: Rows, p: PredicateJson, i: number): boolean {
  const value = (name: string) => lens.table[name]?.[i];
  switch (p.op) {
    case "and":
      return p.of.every((q) => holds(lens, q, i));
    case "or":
      return p.of.some((q) => holds(lens, q, i));
    case "not":
      return !holds(lens, p.of, i);
    case "everything":
      return true;
    case "is_null":
      return value(p.column) == null;
    case "starts_with":
      return String(value(p.column) ?? "").startsWith(p.value);
    case "contains":
      return String(value(p.column) ?? "").includes(p.value);
    case "is_in":
      return p.values.some((v) => plain(v) === value(p.column));
    case "between": {
      const v = value(p.column);
      return v != null && v >= plain(p.low) && v <= plain(p.high);
    }
    case "inside":
      return inside(p.polygon, Number(value(p.x)), Number(value(p.y)));
    case "keys":
      return p.values.some((v) => plain(v) === lens.key(i));
    case "matches":
    case "items":
    case "member":
    case "linear":
      throw new Error(`The front end makes no predicate '${p.op}'.`);
    default: {
      const side = (o: OperandJson): Raw => {
        if ("column" in o) return value(o.column);
        if ("value" in o) return plain(o.value);
        throw new Error("The front end does no arithmetic.");
      };
      const [a, b] = [side(p.left), side(p.right)];
      if (a == null || b == null) return false;
      return { eq: a === b, ne: a !== b, lt: a < b, le: a <= b, gt: a > b, ge: a >= b }[p.op];
    }
  }
}

export function plain(value: ScalarJson): string | number {
  return typeof value === "object" ? value.value : typeof value === "boolean" ? String(value) : value;
}

function inside(polygon: [number, number][], x: number, y: number): boolean {
  let odd = false;
  polygon.forEach(([x1, y1], i) => {
    const [x2, y2] = polygon[(i + 1) % polygon.length] ?? [0, 0];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) odd = !odd;
  });
  return odd;
}

export function labelOf(p: PredicateJson): string {
  const show = (v: ScalarJson) => (typeof v === "number" ? String(Number(v.toPrecision(4))) : plain(v));
  switch (p.op) {
    case "inside":
      return "inside lasso";
    case "between":
      return `${show(p.low)} ≤ ${p.column} ≤ ${show(p.high)}`;
    case "contains":
      return `${p.column} contains “${p.value}”`;
    case "is_in":
      return `${p.column} in ${p.values.map(show).join(", ")}`;
    case "is_null":
      return `${p.column} is null`;
    case "eq":
      return "column" in p.left && "value" in p.right
        ? `${p.left.column} == ${show(p.right.value)}`
        : "equal";
    case "or":
      return p.of.map(labelOf).join(" or ");
    default:
      return p.op;
  }
}
