import { describe, expect, it } from "vitest";
import { arrange } from "../../src/host/points";
import { random } from "../map/page/stub";

const next = random(3);
const n = 5000;
const xy = Uint16Array.from({ length: 2 * n }, () => Math.floor(65536 * next() ** 2));
const result = { version: "v", x: "x", y: "y", n, origin: [0, 0], scale: [1, 1] } as const;
const asked = { ...result, origin: [0, 0] as [number, number], scale: [1, 1] as [number, number] };

describe("arrange", () => {
  it("puts every row into its cell, with its own place", async () => {
    const points = await arrange(asked, { xy });
    expect(points.grid).toBe(12);
    expect(points.cells.at(-1)).toBe(n);
    expect(new Set(points.order).size).toBe(n);
    for (let c = 0; c < points.grid ** 2; c++) {
      for (let i = points.cells[c] ?? 0; i < (points.cells[c + 1] ?? 0); i++) {
        const [x, y] = [points.xy[2 * i] ?? 0, points.xy[2 * i + 1] ?? 0];
        const row = points.order[i] ?? 0;
        expect([x, y]).toEqual([xy[2 * row], xy[2 * row + 1]]);
        expect(((y * points.grid) >> 16) * points.grid + ((x * points.grid) >> 16)).toBe(c);
      }
    }
    expect(points.order[points.placeOf(17)]).toBe(17);
  });

  it("leaves the points of a cell in random order, the same each time", async () => {
    const one = { ...asked, n: 100 };
    const points = await arrange(one, { xy: new Uint16Array(200) });
    const sorted = points.order.slice().sort();
    expect(Array.from(points.order)).not.toEqual(Array.from(sorted));
    expect(Array.from(sorted)).toEqual(Array.from({ length: 100 }, (_, i) => i));
    // The first half holds about as many of the first rows as of the last.
    const early = points.order.slice(0, 50).filter((row) => row < 50).length;
    expect(early).toBeGreaterThan(15);
    expect(early).toBeLessThan(35);
    expect((await arrange(one, { xy: new Uint16Array(200) })).order).toEqual(points.order);
  });

  it("passes over rows that have no place", async () => {
    const points = await arrange(
      { ...asked, n: 3 },
      { xy: Uint16Array.of(1, 1, 2, 2, 3, 3), placed: Uint8Array.of(0b10000010, 0b1) },
    );
    expect(Array.from(points.order).sort()).toEqual([1, 7, 8]);
    expect(points.placeOf(0)).toBe(-1);
    expect(points.xy[2 * points.placeOf(7)]).toBe(2);
  });

  it("has no places where there are no points", async () => {
    const points = await arrange({ ...asked, n: 0 }, { xy: new Uint16Array() });
    expect([points.grid, points.cells.length, points.placeOf(0)]).toEqual([1, 2, -1]);
  });

  it("refuses what is not as long as it says", async () => {
    await expect(arrange(asked, { xy: new Uint16Array(4) })).rejects.toThrow("can't read");
  });
});
