import { describe, expect, it } from "vitest";
import type { PredicateJson } from "../../src/host/protocol";
import { combine, flagsOf, outlinesOf, withFlag } from "../../src/map/selection";
import { cloud, gridded, packed, stub } from "./page/stub";

const all = { bits: null, count: 4 };
const some = { bits: Uint8Array.of(0b0011), count: 2 };
const shape = Uint8Array.of(1, 0, 1, 0);

describe("flagsOf", () => {
  it("brings bits in the order of rows into the order of the grid", () => {
    const { points } = gridded(Float64Array.of(9, 0, 5), Float64Array.of(9, 0, 5));
    expect(Array.from(points.order)).toEqual([1, 2, 0]);
    const flags = flagsOf(points, Uint8Array.of(0b101));
    expect(flags.bits).toEqual(Uint8Array.of(0b110));
    expect(flags.count).toBe(2);
    expect(flagsOf(points, null)).toEqual({ bits: null, count: 3 });
  });
});

describe("withFlag", () => {
  const flags = new Uint8Array(30_000).fill(1, 9000, 9010).fill(1, 20_000);
  const bits = packed(flags);
  const covers = (runs: number[], place: number) =>
    runs.some((start, k) => k % 2 === 0 && start <= place && place < (runs[k + 1] ?? 0));

  it("leaves out the blocks where nothing is selected, and those where all is", () => {
    const [lit, dim] = [withFlag([0, 30_000], bits, true), withFlag([0, 30_000], bits, false)];
    for (const [place, flag] of flags.entries()) expect(covers(flag ? lit : dim, place)).toBe(true);
    expect(covers(lit, 0) || covers(lit, 15_000)).toBe(false);
    expect(covers(dim, 29_000)).toBe(false);
  });

  it("stays within the ranges, and joins what lies together", () => {
    expect(withFlag([100, 5000, 9005, 9008, 21_000, 30_000], bits, true)).toEqual([
      9005, 9008, 21_000, 30_000,
    ]);
    expect(withFlag([0, 5000], bits, true)).toEqual([]);
    expect(withFlag([0, 5000, 5000, 9000], bits, false)).toEqual([0, 9000]);
  });
});

describe("combine", () => {
  it.each([
    ["replace", some, true, [1, 0, 1, 0]],
    ["add", some, true, [1, 1, 1, 0]],
    ["subtract", some, true, [0, 1, 0, 0]],
    ["intersect", some, true, [1, 0, 0, 0]],
    ["replace", some, false, [1, 0, 0, 0]],
    ["add", some, false, [1, 0, 0, 0]],
    ["add", all, false, [1, 0, 1, 0]],
    ["subtract", all, false, [0, 1, 0, 1]],
  ] as const)("%s %o (map clause: %s)", (mode, now, hasClause, expected) => {
    const flags = combine(now, shape, mode, hasClause);
    expect(flags.bits).toEqual(packed(Uint8Array.from(expected)));
    expect(flags.count).toBe(expected.filter((flag) => flag === 1).length);
  });
});

describe("outlinesOf", () => {
  const polygon: [number, number][] = [
    [0, 0],
    [1, 0],
    [1, 1],
  ];

  it("finds the shapes of the map's clause, on this map's columns only", () => {
    const { store, select } = stub(cloud(10));
    const here: PredicateJson = { op: "inside", x: "x", y: "y", polygon };
    select(new Uint8Array(10), { op: "or", of: [here, { op: "inside", x: "u", y: "v", polygon }] });
    expect(outlinesOf(store.state.value)).toEqual([polygon]);
  });

  it("finds none without a clause or a state", () => {
    expect(outlinesOf(stub(cloud(10)).store.state.value)).toEqual([]);
    expect(outlinesOf(null)).toEqual([]);
  });
});
