import { describe, expect, it } from "vitest";
import { CODE_FIRST } from "../../src/host/protocol";
import { Camera } from "../../src/map/camera";
import { densePlaces, type Name, namesOf, type Placed, place, shortened, stagger } from "../../src/map/names";
import { cloud, gridded, random } from "./page/stub";

const BOX = { x0: 0, y0: 0, x1: 100, y1: 60 };

function camera(width = 700, height = 480): Camera {
  const made = new Camera();
  made.resize(width, height);
  made.setExtent(BOX, 100 / 65535);
  made.fit(BOX);
  return made;
}

/** Names of many sizes anywhere, the largest first. */
function names(count: number, seed: number): Name[] {
  const next = random(seed);
  const made = Array.from({ length: count }, (_, index) => ({
    index,
    text: String(index),
    at: [100 * next(), 60 * next()] as [number, number],
    count: count - index,
    size: 12,
    bold: false,
    width: 10 + 150 * next(),
    height: 15,
    from: 0,
  }));
  stagger(made);
  return made;
}

function collisions(shown: Placed[]): number {
  let found = 0;
  for (const [i, a] of shown.entries())
    for (const b of shown.slice(i + 1))
      if (
        Math.abs(a.x - b.x) < (a.name.width + b.name.width) / 2 &&
        Math.abs(a.y - b.y) < (a.name.height + b.name.height) / 2
      )
        found++;
  return found;
}

describe("place", () => {
  it("has no two names overlap, and all inside the view, wherever it looks", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const all = names(200, seed);
      const eye = camera(300 + 20 * seed, 260 + 10 * seed);
      const next = random(seed);
      for (let step = 0; step < 12; step++) {
        const shown = place(all, eye);
        expect(collisions(shown)).toBe(0);
        for (const { name, x, y } of shown) {
          expect(Math.min(x - name.width / 2, y - name.height / 2)).toBeGreaterThan(0);
          expect(x + name.width / 2).toBeLessThan(eye.width);
          expect(y + name.height / 2).toBeLessThan(eye.height);
        }
        eye.zoomAt(0.8 + next(), eye.width * next(), eye.height * next());
      }
    }
  });

  it("always shows the largest that is in view", () => {
    const all = names(200, 3);
    const [first] = place(all, camera());
    expect(first?.name.index).toBe(0);
  });

  it("keeps what it shows while it pans: a name is there or not by where it is", () => {
    const all = names(200, 5);
    const eye = camera();
    eye.zoomAt(3);
    const inner = () =>
      new Set(
        place(all, eye)
          .filter(({ name, x, y }) => {
            const away = name.width / 2 + 60;
            return x > away && x < eye.width - away && y > 60 && y < eye.height - 60;
          })
          .map(({ name }) => name.index),
      );
    let before = inner();
    for (let step = 0; step < 60; step++) {
      eye.panBy(step % 3 === 0 ? 9 : -7, step % 2 === 0 ? 6 : -8);
      const shown = new Set(place(all, eye).map(({ name }) => name.index));
      for (const index of before) expect(shown.has(index)).toBe(true);
      before = inner();
    }
  });

  it("shows more as it zooms in, and takes none away but out of view", () => {
    const all = names(200, 9);
    const eye = camera();
    const active = () => all.filter(({ from }) => from <= eye.scale).map(({ index }) => index);
    let before = active();
    const first = before.length;
    for (let step = 0; step < 20; step++) {
      eye.zoomAt(1.2);
      const now = new Set(active());
      for (const index of before) expect(now.has(index)).toBe(true);
      before = [...now];
    }
    expect(before.length).toBeGreaterThan(2 * first);
  });

  it("takes less than a millisecond", () => {
    const all = names(300, 11);
    const eye = camera(1400, 900);
    const began = performance.now();
    for (let k = 0; k < 200; k++) place(all, eye);
    expect((performance.now() - began) / 200).toBeLessThan(1);
  });
});

describe("densePlaces", () => {
  it("is inside one part of a category that lies in two, not between them", () => {
    const next = random(2);
    const n = 4000;
    const [xs, ys, group] = [new Float64Array(n), new Float64Array(n), new Int16Array(n)];
    for (let i = 0; i < n; i++) {
      group[i] = i % 2;
      const left = next() < 0.4;
      xs[i] = (i % 2 === 1 ? 50 : left ? 10 : 90) + 3 * next();
      ys[i] = 30 + 20 * next();
    }
    const { points, group: groups } = gridded(xs, ys, group);
    const { middles, counts } = densePlaces(points, coded(groups), 2);
    const x = points.origin[0] + points.scale[0] * (middles[0] ?? 0);
    expect(x).toBeGreaterThan(90);
    expect(x).toBeLessThan(93);
    expect(Array.from(counts)).toEqual([2000, 2000]);
  });

  it("prefers where a category has the place to itself", () => {
    const next = random(4);
    const n = 6000;
    const [xs, ys, group] = [new Float64Array(n), new Float64Array(n), new Int16Array(n)];
    for (let i = 0; i < n; i++) {
      // One half of the second category lies under the first, denser than its other half is.
      group[i] = i < 4000 ? 0 : 1;
      xs[i] = (i >= 5100 ? 80 : 10) + 6 * next();
      ys[i] = 6 * next() + (i % 100 === 0 ? 60 * next() : 0);
    }
    const { points, group: groups } = gridded(xs, ys, group);
    const { middles } = densePlaces(points, coded(groups), 2);
    expect(points.origin[0] + points.scale[0] * (middles[2] ?? 0)).toBeGreaterThan(79);
  });
});

describe("namesOf", () => {
  it("names what is on the map, the largest first, but not noise", () => {
    const { points, group } = cloud(5000, 6);
    const labels = [
      "one",
      "two",
      "Noise",
      "",
      "  five\nlines ",
      "a very long name of a category, of a cluster",
    ];
    const values = labels.map((label) => ({ value: label, label, count: 9, selected: 9 }));
    const result = {
      kind: "category" as const,
      column: "c",
      points: "v1",
      nulls: 0,
      notComputed: 0,
      values: [...values, { value: "gone", label: "gone", count: 5, selected: 5 }],
      other: { values: 0, count: 0, selected: 0 },
    };
    const made = namesOf(points, coded(group), result, (text) => 7 * text.length);
    expect(made.map(({ text }) => text).sort()).toEqual([
      "a very long name of a…",
      "five lines",
      "one",
      "two",
    ]);
    expect(made.map(({ count }) => -count)).toEqual(made.map(({ count }) => -count).sort((a, b) => a - b));
    for (const { index, at } of made) {
      let near = 0;
      for (let i = 0; i < points.n; i++) {
        const x = points.origin[0] + points.scale[0] * (points.xy[2 * i] ?? 0) - at[0];
        const y = points.origin[1] + points.scale[1] * (points.xy[2 * i + 1] ?? 0) - at[1];
        if (group[points.order[i] ?? 0] === index && Math.hypot(x, y) < 0.3) near++;
      }
      expect(near).toBeGreaterThan(20);
    }
  });
});

describe("shortened", () => {
  it("ends at a word, never in half a character", () => {
    expect(shortened("president, bush, minister")).toBe("president, bush…");
    expect(shortened(`${"x".repeat(30)}`)).toBe(`${"x".repeat(23)}…`);
    expect(shortened("🙂".repeat(30))).toBe(`${"🙂".repeat(23)}…`);
    expect(shortened("short")).toBe("short");
  });
});

function coded(group: Int16Array): Uint8Array {
  return Uint8Array.from(group, (k) => (k < 0 ? 0 : CODE_FIRST + k));
}
