import { describe, expect, it } from "vitest";
import type { Points } from "../../src/host/store";
import { box, lasso, nearest, runs } from "../../src/map/grid";
import { dataOf } from "../../src/map/places";
import { cloud, gridded, random } from "./page/stub";

type Polygon = [number, number][];

/** Every point against every edge, in the very steps that coordinates have. */
function everyPoint(points: Points, polygon: Polygon): Uint8Array {
  const { origin, scale, xy, n } = points;
  const steps = polygon.map(([x, y]) => [(x - origin[0]) / scale[0], (y - origin[1]) / scale[1]] as const);
  return Uint8Array.from({ length: n }, (_, i) => {
    const [x, y] = [xy[2 * i] ?? 0, xy[2 * i + 1] ?? 0];
    let inside = false;
    steps.forEach(([bx, by], k) => {
      const [ax, ay] = steps.at(k - 1) ?? [0, 0];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    });
    return inside ? 1 : 0;
  });
}

/** Much faster than `toEqual` on long arrays. */
function differing(a: Uint8Array, b: Uint8Array): number {
  return a.length === b.length ? a.reduce((sum, flag, i) => sum + Number(flag !== b[i]), 0) : -1;
}

const { points } = cloud(20_000);

function randomPolygon(next: () => number, vertices: number): Polygon {
  return Array.from({ length: vertices }, () => [10 * (next() - 0.5), 8 * (next() - 0.5)]);
}

describe("lasso", () => {
  it("takes the very points that a test of each against all edges takes, also where the line crosses itself", () => {
    const next = random(1);
    for (let round = 0; round < 60; round++) {
      const polygon = randomPolygon(next, 3 + Math.floor(20 * next()));
      expect(differing(lasso(points, polygon), everyPoint(points, polygon))).toBe(0);
    }
  });

  it("takes the same for small polygons within a cell or two", () => {
    const next = random(2);
    for (let round = 0; round < 60; round++) {
      const [x, y] = dataOf(points, Math.floor(next() * points.n));
      const polygon: Polygon = Array.from({ length: 5 }, () => [
        x + 0.06 * (next() - 0.5),
        y + 0.06 * (next() - 0.5),
      ]);
      expect(differing(lasso(points, polygon), everyPoint(points, polygon))).toBe(0);
    }
  });

  it("takes the same where vertices lie on points and on the edges of cells", () => {
    const next = random(3);
    const { origin, scale } = points;
    for (let round = 0; round < 60; round++) {
      const polygon: Polygon = Array.from({ length: 6 }, (_, k) => {
        const step = () => 256 * Math.floor(next() * 256);
        return k % 2 === 0
          ? dataOf(points, Math.floor(next() * points.n))
          : [origin[0] + scale[0] * step(), origin[1] + scale[1] * step()];
      });
      expect(differing(lasso(points, polygon), everyPoint(points, polygon))).toBe(0);
    }
  });

  it("leaves a hole where a loop turns twice around", () => {
    const square = gridded(Float64Array.of(0, 5, 10, 0), Float64Array.of(0, 5, 10, 10)).points;
    const around: Polygon = [
      [-1, -1],
      [11, -1],
      [11, 11],
      [-1, 11],
    ];
    const twice = lasso(square, [...around, ...around]);
    expect(Array.from(twice)).toEqual([0, 0, 0, 0]);
    expect(Array.from(lasso(square, around))).toEqual([1, 1, 1, 1]);
  });

  it("takes all when drawn around all, and nothing with two vertices", () => {
    const around: Polygon = [
      [-100, -100],
      [100, -100],
      [100, 100],
      [-100, 100],
    ];
    expect(lasso(points, around).every((flag) => flag === 1)).toBe(true);
    expect(lasso(points, around.slice(0, 2)).some((flag) => flag === 1)).toBe(false);
  });

  it("works on points that share a coordinate", () => {
    const line = gridded(Float64Array.of(3, 3, 3), Float64Array.of(0, 1, 2)).points;
    const flags = lasso(line, [
      [2, 0.5],
      [4, 0.5],
      [4, 1.5],
      [2, 1.5],
    ]);
    expect(Array.from(flags, (flag, i) => (flag === 1 ? line.order[i] : -1)).filter((i) => i !== -1)).toEqual(
      [1],
    );
  });
});

describe("box", () => {
  it("takes a rectangle, its corners in any order", () => {
    const square = gridded(Float64Array.of(0, 5, 10), Float64Array.of(0, 5, 10)).points;
    expect(Array.from(box(square, 7, 6, 3, 4))).toEqual([0, 1, 0]);
  });
});

describe("nearest", () => {
  it("finds the point that a search of all finds", () => {
    const next = random(4);
    for (let round = 0; round < 300; round++) {
      const [x, y, radius] = [8 * (next() - 0.5), 6 * (next() - 0.5), 0.5 * next()];
      let best = -1;
      let distance = radius * radius;
      for (let i = 0; i < points.n; i++) {
        const [px, py] = dataOf(points, i);
        const d = (px - x) ** 2 + (py - y) ** 2;
        if (d < distance || (d <= distance && best < 0)) [best, distance] = [i, d];
      }
      expect(nearest(points, x, y, radius)).toBe(best);
    }
  });

  it("prefers what is selected", () => {
    const two = gridded(Float64Array.of(0, 1, 10), Float64Array.of(0, 0, 10)).points;
    expect(nearest(two, 0.2, 0, 2)).toBe(0);
    expect(nearest(two, 0.2, 0, 2, (place) => place === 1)).toBe(1);
  });

  it("finds nothing beyond the radius, and in no points", () => {
    expect(nearest(points, 500, 500, 1)).toBe(-1);
    expect(nearest(gridded(new Float64Array(), new Float64Array()).points, 0, 0, 1)).toBe(-1);
  });
});

describe("runs", () => {
  it("holds every point in view", () => {
    const next = random(5);
    for (let round = 0; round < 50; round++) {
      const [x, y] = [8 * (next() - 0.5), 6 * (next() - 0.5)];
      const view = { x0: x, y0: y, x1: x + 2 * next(), y1: y + 2 * next() };
      const found = runs(points, view, 0);
      const held = new Uint8Array(points.n);
      for (let k = 0; k < found.length; k += 2) held.fill(1, found[k], found[k + 1]);
      for (let i = 0; i < points.n; i++) {
        const [px, py] = dataOf(points, i);
        if (px >= view.x0 && px <= view.x1 && py >= view.y0 && py <= view.y1) expect(held[i]).toBe(1);
      }
    }
  });

  it("is one run where all is in view", () => {
    expect(runs(points, { x0: -100, y0: -100, x1: 100, y1: 100 })).toEqual([0, points.n]);
  });
});
