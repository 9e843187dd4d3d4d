// @vitest-environment happy-dom
import { describe, expect, it, vi } from "vitest";
import type { Host } from "../../src/host/host";
import { HostError } from "../../src/host/host";
import type { Points } from "../../src/host/store";
import { Camera } from "../../src/map/camera";
import { lasso, nearest, type Rests, STEPS } from "../../src/map/grid";
import { dataOf } from "../../src/map/places";
import { joined, placesIn, quantumOf, Refinement, stepOf } from "../../src/map/refine";
import { gridded, random } from "./page/stub";

type Bounds = [number, number, number, number];
const WHOLE = { x0: 0, y0: 0, x1: 1, y1: 1 };

/** Evenly spread points in the unit square, the first ones in two places a hundredth of a step apart. */
function closePlaces(n = 2000): { points: Points; xs: Float64Array; ys: Float64Array } {
  const next = random(5);
  const xs = Float64Array.from({ length: n }, next);
  const ys = Float64Array.from({ length: n }, next);
  [xs[0], ys[0], xs[1], ys[1]] = [0, 0, 1, 1];
  for (let i = 2; i < 12; i++) [xs[i], ys[i]] = [0.5 + (i % 2) * 1.5e-7, 0.5];
  return { points: gridded(xs, ys).points, xs, ys };
}

/** What the kernel answers (src/datalens/space/rests.py). */
function answer({ points, xs, ys }: ReturnType<typeof closePlaces>, [x0, y0, x1, y1]: Bounds) {
  const { origin, scale } = points;
  const part = (value: number, axis: 0 | 1) => {
    const steps = (value - origin[axis]) / scale[axis];
    return Math.min(65535, Math.round((steps - Math.round(steps)) * STEPS) + 32768);
  };
  const ordinals = Array.from(xs.keys()).filter((i) => {
    const [x, y] = [xs[i] ?? 0, ys[i] ?? 0];
    return x >= x0 && x <= x1 && y >= y0 && y <= y1;
  });
  const rests = ordinals.map((i) => part(xs[i] ?? 0, 0) + 65536 * part(ys[i] ?? 0, 1));
  return { ordinals: Uint32Array.from(ordinals), rests: Uint32Array.from(rests) };
}

function restsOf(data: ReturnType<typeof closePlaces>, bounds: Bounds): Rests {
  const [x0, y0, x1, y1] = bounds;
  const { ordinals, rests } = answer(data, bounds);
  const step = 1 / 65535;
  const wide = { x0: x0 - step, y0: y0 - step, x1: x1 + step, y1: y1 + step };
  const found = joined(data.points, placesIn(data.points, wide) ?? [], ordinals, rests);
  if (found === null) throw new Error("no rests");
  return found;
}

const data = closePlaces();
const { points, xs, ys } = data;
const NEAR: Bounds = [0.3, 0.3, 0.7, 0.7];

describe("rests", () => {
  it("bring points to within a 65,536th of a step of where they are, and leave others on their step", () => {
    const rests = restsOf(data, NEAR);
    for (let row = 0; row < points.n; row++) {
      const [x, y] = dataOf(points, points.placeOf(row), rests);
      const [wantedX, wantedY] = [xs[row] ?? 0, ys[row] ?? 0];
      const inside = wantedX >= 0.3 && wantedX <= 0.7 && wantedY >= 0.3 && wantedY <= 0.7;
      if (inside) expect(Math.hypot(x - wantedX, y - wantedY)).toBeLessThan(2 / 65535 / 65536);
      else expect([x, y]).toEqual(dataOf(points, points.placeOf(row)));
    }
  });

  it("let the lasso and the pointer tell apart what lies on one step", () => {
    const rests = restsOf(data, NEAR);
    const around = (x: number, r = 7e-8): [number, number][] => [
      [x - r, 0.5 - r],
      [x + r, 0.5 - r],
      [x + r, 0.5 + r],
      [x - r, 0.5 + r],
    ];
    const rows = (x: number) =>
      Array.from(lasso(points, around(x), rests).entries())
        .filter(([, flag]) => flag)
        .map(([place]) => points.order[place])
        .sort((a = 0, b = 0) => a - b);
    expect(rows(0.5)).toEqual([2, 4, 6, 8, 10]);
    expect(rows(0.5 + 1.5e-7)).toEqual([3, 5, 7, 9, 11]);
    const hit = nearest(points, 0.5 + 1.6e-7, 0.5, 1e-6, undefined, rests);
    expect((points.order[hit] ?? 0) % 2).toBe(1);
  });

  it("hold for the lasso what a test of each exact position says, also beside the edges of cells", () => {
    const rests = restsOf(data, [0, 0, 1, 1]);
    const next = random(9);
    const cell = 1 / 256;
    for (let round = 0; round < 40; round++) {
      // Within half a step of the lines between cells, where a point's step may lie in the next one.
      const line = () => Math.floor(next() * 256) * cell * (65536 / 65535) + (next() - 0.5) / 65535;
      const [a, b, c, d] = [line(), line(), line(), line()];
      const [x0, x1, y0, y1] = [Math.min(a, b), Math.max(a, b), Math.min(c, d), Math.max(c, d)];
      const flags = lasso(points, [[x0, y0], [x1, y0], [x1, y1], [x0, y1]], rests); // biome-ignore format: a box
      for (let place = 0; place < points.n; place++) {
        const [x, y] = dataOf(points, place, rests);
        expect(flags[place]).toBe(Number(x > x0 && x < x1 && y > y0 && y < y1));
      }
    }
  });
});

describe("places in view", () => {
  it("are those whose step lies there, and none where they are too many", () => {
    const found = new Set(placesIn(points, { x0: 0.4, y0: 0.4, x1: 0.6, y1: 0.6 }));
    for (let row = 0; row < points.n; row++) {
      const far = Math.max(Math.abs((xs[row] ?? 0) - 0.5), Math.abs((ys[row] ?? 0) - 0.5));
      if (far < 0.1 - 1 / 65535) expect(found.has(points.placeOf(row))).toBe(true);
      if (far > 0.1 + 1 / 65535) expect(found.has(points.placeOf(row))).toBe(false);
    }
    const many = new Float64Array(100_001);
    expect(placesIn(gridded(many, many).points, WHOLE)).toBeNull();
  });
});

describe("how far one can zoom", () => {
  it("ends at a 65,536th of a step, at a step where the host has no more, and at what float64 holds", () => {
    const step = 1 / 65535;
    expect(quantumOf(points, WHOLE, true)).toBe(step / 65536);
    expect(quantumOf(points, WHOLE, false)).toBe(step);
    expect(quantumOf(points, { x0: 1e9, y0: 0, x1: 1e9 + 1, y1: 1 }, true)).toBeGreaterThan(2 ** -23);
  });

  it("does not hang on an axis that has no width", () => {
    const line = gridded(Float64Array.of(0, 1e-3), Float64Array.of(5, 5)).points;
    expect(stepOf({ ...line, scale: [1e-3 / 65535, 1] }, { x0: 0, y0: 5, x1: 1e-3, y1: 5 })).toBe(
      1e-3 / 65535,
    );
  });
});

function opened(can = true) {
  const camera = new Camera();
  camera.resize(700, 480);
  camera.setExtent(WHOLE, quantumOf(points, WHOLE, true));
  const asked: {
    bounds: Bounds;
    aborted: () => boolean;
    reply: (version?: string) => void;
    fail: () => void;
  }[] = [];
  const host = {
    can: () => can,
    ask: (_verb: string, args: { version: string; bounds: Bounds }, options: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        const reply = (version = args.version) =>
          resolve({ result: { version }, arrays: answer(data, args.bounds), revision: 1 });
        const fail = () => reject(new HostError("ValueError", "This version of DataLens does not know it."));
        asked.push({ bounds: args.bounds, aborted: () => options.signal.aborted, reply, fail });
      }),
  } as unknown as Host;
  const changed = vi.fn();
  const refinement = new Refinement(host, camera, changed);
  const at = (scale: number, cx = 0.5, of = points) => {
    camera.pose = { cx, cy: 0.5, scale };
    refinement.look(of, stepOf(of, WHOLE));
  };
  const settle = () => new Promise((done) => setTimeout(done));
  return { refinement, asked, changed, at, settle };
}

describe("Refinement", () => {
  it("asks for the view, half of it on each side and a step once that can be seen, and not again within", async () => {
    const { refinement, asked, changed, at, settle } = opened();
    at(1000);
    expect(asked).toEqual([]);
    at(1e6);
    const [x0, y0, x1, y1] = asked[0]?.bounds ?? [];
    expect([x0, y0, x1, y1].map((side) => Math.round(1e6 * ((side ?? 0) - 0.5)))).toEqual([
      -715, -605, 715, 605,
    ]);
    expect(refinement.rests).toBeNull();
    asked[0]?.reply();
    await settle();
    expect(refinement.rests).not.toBeNull();
    expect(changed).toHaveBeenCalledTimes(1);
    at(1e6, 0.5003); // the view is 700 by 480 of a millionth
    at(1e8);
    expect(asked.length).toBe(1);
    at(1e6, 0.6);
    expect(asked.length).toBe(2);
  });

  it("goes back to steps where they can't be seen, and on another map", async () => {
    const { refinement, asked, changed, at, settle } = opened();
    at(1e6);
    asked[0]?.reply();
    await settle();
    at(1000);
    expect(refinement.rests).toBeNull();
    expect(changed).toHaveBeenCalledTimes(2);
    at(1e6);
    refinement.drop();
    at(1e6, 0.5, closePlaces().points);
    expect(asked.map(({ aborted }) => aborted())).toEqual([true, true, false]);
  });

  it("drops answers that are out of date, and those of another map", async () => {
    const { refinement, asked, at, settle } = opened();
    at(1e6);
    at(1e6, 0.9);
    asked[0]?.reply();
    asked[1]?.reply("an earlier one");
    await settle();
    expect(refinement.rests).toBeNull();
    at(1e6, 0.5);
    asked[2]?.reply();
    refinement.drop();
    await settle();
    expect(refinement.rests).toBeNull();
  });

  it("stays at 16 bits with a host that does not know how", async () => {
    const saved = opened(false);
    saved.at(1e6);
    expect(saved.asked).toEqual([]);
    const { refinement, asked, at, settle } = opened();
    at(1e6);
    asked[0]?.fail();
    await settle();
    at(1e6);
    expect([asked.length, refinement.rests]).toEqual([1, null]);
  });
});
