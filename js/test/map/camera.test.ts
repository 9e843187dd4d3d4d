import { describe, expect, it } from "vitest";
import { Camera } from "../../src/map/camera";
import { between } from "../../src/map/glide";

function camera(): Camera {
  const made = new Camera();
  made.resize(700, 480);
  made.setExtent({ x0: -10, y0: -4, x1: 10, y1: 4 }, 20 / 65535);
  made.fit({ x0: -10, y0: -4, x1: 10, y1: 4 });
  return made;
}

describe("Camera", () => {
  it("fits the data with equal aspect and a margin", () => {
    const made = camera();
    expect(made.toScreen(-10, 0)).toEqual([20, 240]);
    expect(made.toScreen(10, 0)).toEqual([680, 240]);
    expect(made.scale).toBe(33);
  });

  it("has the y axis go up", () => {
    const made = camera();
    expect(made.toScreen(0, 1)).toEqual([350, 207]);
  });

  it("takes places to data and back", () => {
    const made = camera();
    made.zoomAt(7.3, 120, 77);
    const [x, y] = made.toData(333.25, 101.5);
    const [px, py] = made.toScreen(x, y);
    expect(px).toBeCloseTo(333.25, 9);
    expect(py).toBeCloseTo(101.5, 9);
  });

  it("zooms about a place", () => {
    const made = camera();
    const before = made.toData(500, 300);
    made.zoomAt(12, 500, 300);
    const after = made.toData(500, 300);
    expect(after[0]).toBeCloseTo(before[0], 9);
    expect(after[1]).toBeCloseTo(before[1], 9);
    expect(made.scale).toBeCloseTo(33 * 12, 9);
  });

  it("pans with the hand", () => {
    const made = camera();
    made.panBy(33, -66);
    expect(made.cx).toBeCloseTo(-1, 9);
    expect(made.cy).toBeCloseTo(-2, 9);
  });

  it("stops zooming where coordinates have no finer steps, and where all is small", () => {
    const made = camera();
    made.zoomAt(1e12);
    expect(made.scale).toBeCloseTo((24 * 65535) / 20, 6);
    made.zoomAt(1e-12);
    expect(made.scale).toBeCloseTo(35 / 4, 6);
  });

  it("follows the hand where float64 has no finer steps than some pixels", () => {
    const made = new Camera();
    made.resize(700, 480);
    made.setExtent({ x0: 1e9, y0: 0, x1: 1e9 + 1, y1: 1 }, 2 ** -22);
    made.pose = { cx: 1e9 + 0.5, cy: 0.5, scale: 1e12 };
    expect(made.scale).toBe(24 * 2 ** 22);
    for (let k = 0; k < 100; k++) made.panBy(-1, 0);
    expect(Math.abs((made.cx - 1e9 - 0.5) * made.scale - 100)).toBeLessThan(12);
  });

  it("never loses the data out of sight", () => {
    const made = camera();
    made.panBy(1e9, 1e9);
    expect([made.cx, made.cy]).toEqual([-10, 4]);
  });

  it("shows a single point", () => {
    const made = new Camera();
    made.resize(700, 480);
    made.setExtent({ x0: 3, y0: 5, x1: 3, y1: 5 }, 0);
    made.fit({ x0: 3, y0: 5, x1: 3, y1: 5 });
    expect(made.toScreen(3, 5)).toEqual([350, 240]);
  });

  it("glides with one place standing still", () => {
    const from = { cx: 0, cy: 0, scale: 1 };
    const to = { cx: 30, cy: 0, scale: 4 };
    expect(between(from, to, 0)).toEqual(from);
    expect(between(from, to, 1)).toEqual(to);
    const half = between(from, to, 0.5);
    expect(half.scale).toBe(2);
    // x = 40 is at 40 px from the middle before and after.
    expect((40 - half.cx) * half.scale).toBeCloseTo(40, 9);
  });
});
