import { describe, expect, test } from "vitest";
import { click, NOTHING, pickedFrom, pickedPredicate } from "../../src/legend/picked";
import {
  moved,
  type NumberResult,
  rangeFrom,
  rangePredicate,
  rangeText,
  snapped,
} from "../../src/legend/range";

const numbers = (more: Partial<NumberResult>): NumberResult => ({
  kind: "number",
  column: "n",
  points: "v",
  nulls: 0,
  notComputed: 0,
  scale: "linear",
  scales: ["linear"],
  format: "number",
  domain: [0, 4],
  labels: ["0", "4"],
  edges: [0, 1.5, 2.5, 4],
  edgeLabels: ["0", "1.5", "2.5", "4"],
  counts: [1, 1, 1],
  selected: [1, 1, 1],
  ...more,
});

describe("picking categories", () => {
  test("a click isolates, the same click again clears", () => {
    const isolated = click(NOTHING, "a", false);
    expect(pickedPredicate(isolated, "c")).toEqual({
      op: "eq",
      left: { column: "c" },
      right: { value: "a" },
    });
    expect(pickedPredicate(click(isolated, "a", false), "c")).toBeNull();
  });
  test("a click on another isolates that one", () => {
    expect(click({ values: ["a", "b"], nulls: false }, "b", false).values).toEqual(["b"]);
  });
  test("shift adds and takes away", () => {
    const two = click({ values: ["a"], nulls: false }, "b", true);
    expect(pickedPredicate(two, "c")).toEqual({ op: "is_in", column: "c", values: ["a", "b"] });
    expect(click(two, "a", true).values).toEqual(["b"]);
  });
  test("nulls beside values are an or", () => {
    const both = click({ values: [2], nulls: false }, null, true);
    const predicate = pickedPredicate(both, "c");
    expect(predicate).toEqual({
      op: "or",
      of: [
        { op: "eq", left: { column: "c" }, right: { value: 2 } },
        { op: "is_null", column: "c" },
      ],
    });
    expect(pickedFrom(predicate, "c")).toEqual(both);
  });
  test("a predicate of another kind picks nothing", () => {
    expect(pickedFrom({ op: "contains", column: "c", value: "a" }, "c")).toEqual(NOTHING);
  });
});

describe("brushing numbers", () => {
  test("the ends are the data's own edges", () => {
    const predicate = rangePredicate(numbers({}), { low: 1, high: 3 });
    expect(predicate).toEqual({ op: "between", column: "n", low: 1.5, high: 4 });
    expect(rangeFrom(numbers({}), predicate)).toEqual({ low: 1, high: 3 });
  });
  test("integers have whole bounds that leave the next bin out", () => {
    const whole = numbers({ format: "integer", edges: [0, 10, 20, 30], domain: [0, 30] });
    expect(rangePredicate(whole, { low: 0, high: 1 })).toMatchObject({ low: 0, high: 9 });
    expect(rangePredicate(whole, { low: 1, high: 3 })).toMatchObject({ low: 10, high: 30 });
    expect(rangeFrom(whole, rangePredicate(whole, { low: 0, high: 1 }))).toEqual({ low: 0, high: 1 });
  });
  test("a range is said with the ends of its clause", () => {
    expect(rangeText({ op: "between", column: "n", low: 36, high: 1145 })).toBe("36 – 1,145");
    expect(rangeText({ op: "between", column: "n", low: 0.123456, high: 2 })).toBe("0.1235 – 2");
  });
  test("dates go out as ISO text", () => {
    const days = ["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"];
    const dates = numbers({ format: "datetime", edgeLabels: days });
    expect(rangePredicate(dates, { low: 0, high: 2 })).toMatchObject({
      low: { type: "date", value: "2024-01-01" },
      high: { type: "date", value: "2024-01-03" },
    });
  });
  test("a drag takes whole bins, at least one", () => {
    expect(snapped(1.2, 1.4, 3)).toEqual({ low: 1, high: 2 });
    expect(snapped(2.7, -5, 3)).toEqual({ low: 0, high: 3 });
    expect(snapped(3, 3, 3)).toEqual({ low: 2, high: 3 });
  });
  test("a range moved stays as wide and inside", () => {
    expect(moved({ low: 0, high: 2 }, 5, 3)).toEqual({ low: 1, high: 3 });
  });
});
