import { describe, expect, it } from "vitest";
import { CODE_FIRST, type ColorResult } from "../../src/host/protocol";
import { contours } from "../../src/map/contours";
import { passesOf } from "../../src/map/order";
import { sizeFactor, sizesOf } from "../../src/map/sizing";
import { passStyles, styleOf } from "../../src/map/style";
import { cloud, gridded, numbers, packed, random } from "./page/stub";

const category = (counts: number[], nulls = 0): ColorResult => ({
  kind: "category",
  column: "kind",
  points: "v1",
  nulls,
  notComputed: 0,
  values: counts.map((count, i) => ({ value: `${i}`, label: `${i}`, count, selected: 0 })),
  other: { values: 0, count: 0, selected: 0 },
});

const number = (counts: number[], nulls = 0): ColorResult => ({
  ...(numbers(cloud(10)).result as Extract<ColorResult, { kind: "number" }>),
  counts,
  nulls,
});

/** The pass in which a code is drawn; -1 for none, an error for several. */
function passOf(passes: ReturnType<typeof passesOf>, code: number): number {
  const found = passes.flatMap(({ span: [from, count] }, k) =>
    (code - from + 65536 * 2) % 65536 < count ? [k] : [],
  );
  expect(found.length).toBeLessThan(2);
  return found[0] ?? -1;
}

describe("passesOf", () => {
  it("draws all at once in random order, and where an order does not fit the colors", () => {
    const whole = [{ span: [0, 65536], share: 1 }];
    expect(passesOf(null, "rare values")).toMatchObject([{ span: [0, 65536] }]);
    expect(passesOf(category([9, 1]), "random")).toMatchObject(whole);
    expect(passesOf(category([9, 1]), "high values")).toMatchObject(whole);
    expect(passesOf(number([9, 1]), "rare values")).toMatchObject(whole);
  });

  it("draws rare categories upon frequent ones, none of about the same number upon another", () => {
    const passes = passesOf(category([10_000, 9000, 9000, 50, 40, 2], 7), "rare values");
    const order = [0, 1, 2, 3, 4, 5, 6, 7, 8, 300].map((code) => passOf(passes, code));
    expect(order).toEqual([0, 0, 0, 0, 0, 0, 1, 1, 2, 2]);
    expect(passes.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
  });

  it.each(["high values", "low values"] as const)("draws %s last, and what has none first", (order) => {
    const passes = passesOf(
      number(
        Array.from({ length: 36 }, () => 10),
        5,
      ),
      order,
    );
    const steps = [CODE_FIRST, 60, 127, 200, 254].map((code) => passOf(passes, code));
    if (order === "low values") steps.reverse();
    expect(steps).toEqual([...steps].sort());
    expect([steps[0], steps[4]]).toEqual([0, 2]);
    expect([0, 1, 2].map((code) => passOf(passes, code))).toEqual([0, 0, 0]);
  });
});

describe("passStyles", () => {
  it("makes a rare category solid and larger, and all together no more solid than before", () => {
    const whole = styleOf(20);
    const taste = { size: 1, opacity: 1 };
    const { styles, gain } = passStyles(whole, 20, passesOf(category([99_950, 50]), "rare values"), taste);
    expect(styles.map(({ span }) => span[0])).toEqual([0, CODE_FIRST + 1]);
    expect(styles[1]?.alpha).toBeGreaterThan(0.85);
    expect(styles[1]?.diameter).toBe(2 * whole.diameter);
    expect(gain).toBeCloseTo(1, 1);
    const high = passStyles(whole, 20, passesOf(number([60, 30, 8, 2]), "high values"), taste);
    expect(high.styles.map(({ diameter }) => diameter)).toEqual(Array(3).fill(whole.diameter));
    expect(high.gain).toBeLessThan(0.6);
  });
});

describe("sizesOf", () => {
  it("makes larger numbers larger, and null the least", () => {
    const coloring = { ...numbers(cloud(3)), codes: Uint8Array.of(0, 3, 254) };
    expect([...sizesOf(coloring)].map(sizeFactor).map((size) => Number(size.toFixed(2)))).toEqual([
      0.6, 0.62, 2.19,
    ]);
    expect(sizeFactor()).toBe(1);
  });

  it("ranks booleans and few whole numbers by value, not by how many there are", () => {
    const result = category([5, 4, 3]);
    if (result.kind === "category") {
      for (const [i, value] of [2, 30, 1].entries()) Object.assign(result.values[i] ?? {}, { value });
    }
    expect([...sizesOf({ result, codes: Uint8Array.of(0, 3, 4, 5) })]).toEqual([0, 129, 255, 3]);
  });
});

/** A number for each place, the same for ends that are joined. */
const place = ([x, y]: [number, number]) => `${x.toFixed(6)} ${y.toFixed(6)}`;

/** How many closed lines segments make; no end is left over. */
function rings(line: [number, number][]): number {
  const root = new Map<string, string>();
  const met = new Map<string, number>();
  const find = (at: string): string => {
    const up = root.get(at) ?? at;
    return up === at ? at : find(up);
  };
  for (let s = 0; s < line.length; s += 2) {
    const [a, b] = [line[s], line[s + 1]].map((end) => place(end ?? [0, 0])) as [string, string];
    root.set(find(a), find(b));
    for (const end of [a, b]) met.set(end, (met.get(end) ?? 0) + 1);
  }
  expect([...met.values()].filter((ends) => ends % 2)).toEqual([]);
  return new Set([...met.keys()].map(find)).size;
}

describe("contours", () => {
  const next = random(3);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const n = 20_000;
  const { points } = gridded(
    Float64Array.from({ length: n }, normal),
    Float64Array.from({ length: n }, normal),
  );

  it("of one blob are closed rings that hold 90, 70, 50, 30 and 10 % of the points", () => {
    const lines = contours(points, null);
    expect(lines).toHaveLength(5);
    for (const [k, line] of lines.entries()) {
      if (k < 4) expect(rings(line)).toBe(1);
      let inside = 0;
      for (let i = 0; i < n; i++) {
        const x = points.origin[0] + points.scale[0] * (points.xy[2 * i] ?? 0);
        const y = points.origin[1] + points.scale[1] * (points.xy[2 * i + 1] ?? 0);
        let odd = false;
        for (let s = 0; s < line.length; s += 2) {
          const [[ax, ay], [bx, by]] = [line[s] ?? [0, 0], line[s + 1] ?? [0, 0]];
          if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
        }
        inside += Number(odd);
      }
      expect(inside / n).toBeGreaterThan([0.85, 0.65, 0.45, 0.25, 0.05][k] ?? 1);
      expect(inside / n).toBeLessThan([0.95, 0.75, 0.55, 0.35, 0.15][k] ?? 0);
    }
  });

  it("of those selected lie where they are", () => {
    const flags = new Uint8Array(n);
    for (let i = 0; i < n; i++) flags[i] = Number((points.xy[2 * i] ?? 0) < 20_000);
    const right = points.origin[0] + points.scale[0] * 26_000;
    const lines = contours(points, packed(flags));
    expect(lines).toHaveLength(5);
    for (const [x] of lines.flat()) expect(x).toBeLessThan(right);
  });

  it("of nothing are none", () => {
    expect(contours(points, new Uint8Array(n))).toEqual([]);
    expect(contours(gridded(new Float64Array(0), new Float64Array(0)).points, null)).toEqual([]);
  });
});
