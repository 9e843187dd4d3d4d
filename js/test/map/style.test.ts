import { describe, expect, it } from "vitest";
import { batchGrowth, FRAME_BUDGET_MS, LEAST_POINTS, Pace, partsOf, restPartsOf } from "../../src/map/pace";
import { selectedStyle, styleOf, typicalDensity } from "../../src/map/style";
import { cloud, gridded } from "./page/stub";

describe("styleOf", () => {
  it("draws few points large and solid, many small and translucent", () => {
    const few = styleOf(0.001);
    const many = styleOf(20);
    expect(few.diameter).toBe(9);
    expect(few.alpha).toBeGreaterThan(0.85);
    expect(few.dense).toBe(0);
    expect(many.diameter).toBe(1.5);
    expect(many.alpha).toBeLessThan(0.1);
    expect(many.dense).toBe(1);
  });

  it("lets points grow steadily while one zooms in", () => {
    const sizes = [20, 5, 1, 0.3, 0.1, 0.01].map((perPixel) => styleOf(perPixel).diameter);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });

  it("follows who wants points larger, or less solid", () => {
    for (const perPixel of [0.001, 0.3, 20]) {
      const plain = styleOf(perPixel);
      const other = styleOf(perPixel, { size: 2, opacity: 0.5 });
      expect(other.diameter).toBeCloseTo(2 * plain.diameter, 9);
      expect(other.alpha).toBeLessThan(plain.alpha);
      expect(other.depth).toBeCloseTo(plain.depth / 2, 9);
    }
    expect(styleOf(0.001, { size: 1, opacity: 4 }).alpha).toBeGreaterThan(styleOf(0.001).alpha);
    expect(styleOf(0.001, { size: 1, opacity: 4 }).alpha).toBeLessThanOrEqual(1);
  });

  it("draws few selected points somewhat larger than the rest", () => {
    const all = styleOf(10);
    expect(selectedStyle(all, 0.001).diameter).toBeCloseTo(1.7 * all.diameter, 9);
  });
});

describe("typicalDensity", () => {
  it("is that of a point's own cell, however empty the map is", () => {
    const { points } = gridded(Float64Array.of(0, 0, 0, 10), Float64Array.of(0, 0, 0, 10));
    expect(typicalDensity(points)).toBe((3 * 2) / 4 / 256 ** 2);
  });

  it("counts flagged points only", () => {
    const { points } = gridded(Float64Array.of(0, 0, 0, 10), Float64Array.of(0, 0, 0, 10));
    expect(typicalDensity(points, Uint8Array.of(0b0011))).toBe((2 * 1) / 2 / 256 ** 2);
    expect(typicalDensity(points, new Uint8Array(4))).toBe(0);
  });

  it("grows with the number of points", () => {
    expect(typicalDensity(cloud(20_000).points)).toBeGreaterThan(1.8 * typicalDensity(cloud(10_000).points));
  });
});

describe("Pace", () => {
  it("draws a part only while the machine is slow", () => {
    const pace = new Pace();
    for (let k = 0; k < 10; k++) pace.batchTook(0.0009 * 50_000, 50_000, false);
    expect(pace.fits(1_000_000)).toBe(false);
    expect(pace.moving).toBeLessThan(60_000);
    expect(pace.moving).toBeGreaterThan(20_000);
  });

  it("finds out within few batches that the machine is fast", () => {
    const pace = new Pace();
    for (let k = 0; k < 6; k++) pace.batchTook(4, pace.batch, false);
    expect(pace.fits(5_000_000)).toBe(true);
  });

  it("does not spiral down when every frame has a cost of its own", () => {
    const pace = new Pace();
    for (let k = 0; k < 50; k++) {
      pace.batchTook(120, pace.batch, false);
      pace.frameTook(60, pace.moving);
    }
    expect(pace.moving).toBeGreaterThanOrEqual(LEAST_POINTS);
    expect(pace.batch).toBeGreaterThanOrEqual(40_000);
  });

  it("leaves room for the frame's own cost", () => {
    const pace = new Pace();
    const before = pace.moving;
    for (let k = 0; k < 20; k++) pace.frameTook(FRAME_BUDGET_MS, pace.moving / 2);
    expect(pace.moving).toBeLessThan(before);
  });
});

describe("partsOf", () => {
  it("halves until a part is small enough, as far as a stride goes", () => {
    expect(partsOf(1000, 5000)).toBe(1);
    expect(partsOf(9000, 5000)).toBe(2);
    expect(partsOf(100_000, 5000)).toBe(32);
    expect(partsOf(10_000_000, 5000)).toBe(63);
  });
});

describe("restPartsOf", () => {
  it("makes parts of a batch each, as many as a stride reaches", () => {
    expect([0, 50_000, 1_000_000, 1e7].map((n) => restPartsOf(n, 56_000))).toEqual([1, 1, 18, 63]);
    expect(restPartsOf(1e7, Number.POSITIVE_INFINITY)).toBe(1);
  });
});

describe("batchGrowth", () => {
  it("doubles until a hand would have to wait", () => {
    expect([0, 1, 2, 3, 60].map(batchGrowth)).toEqual([1, 2, 4, 4, 4]);
  });
});
