import { describe, expect, it } from "vitest";
import {
  CODE_FIRST,
  CODE_NOT_COMPUTED,
  CODE_NULL,
  CODE_OTHER,
  type ColorResult,
} from "../../src/host/protocol";
import { parseHex, rgbToOklab, type Triple } from "../../src/map/oklab";
import { CATEGORY_COUNT, categoryColor, paletteTexture, ramp } from "../../src/map/palette";

const lab = (hex: string) => rgbToOklab(parseHex(hex));
const chroma = ([, a, b]: Triple) => Math.hypot(a, b);
const distance = (a: Triple, b: Triple) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

function categorical(labels: string[]): ColorResult {
  return {
    kind: "category",
    column: "c",
    points: "v",
    nulls: 0,
    notComputed: 0,
    values: labels.map((label) => ({ value: label, label, count: 1, selected: 1 })),
    other: { values: 0, count: 0, selected: 0 },
  };
}

function hexAt(texture: Uint8Array, code: number): string {
  return `#${Array.from(texture.slice(4 * code, 4 * code + 3), (v) => v.toString(16).padStart(2, "0")).join("")}`;
}

describe.each([false, true])("palette, dark = %s", (dark) => {
  const colors = Array.from({ length: CATEGORY_COUNT }, (_, k) => categoryColor(k, dark));

  it("has categories that can be told apart, none of them grey", () => {
    for (const [k, color] of colors.entries()) {
      expect(chroma(lab(color))).toBeGreaterThan(0.05);
      for (const other of colors.slice(0, k)) expect(distance(lab(color), lab(other))).toBeGreaterThan(0.07);
    }
  });

  it("stands out from its ground", () => {
    const ground = dark ? 0.2 : 1;
    const all = [...colors, ramp(0, dark), ramp(0.5, dark), ramp(1, dark)];
    for (const color of all) expect(Math.abs(lab(color)[0] - ground)).toBeGreaterThan(0.12);
  });

  it("has greys for what has no value, and another colour for what is beyond the palette", () => {
    const texture = paletteTexture(categorical(Array.from({ length: 300 }, (_, k) => `v${k}`)), dark);
    expect(texture.length).toBe(2 * 256 * 4);
    expect(chroma(lab(hexAt(texture, CODE_NULL)))).toBeLessThan(0.02);
    expect(chroma(lab(hexAt(texture, CODE_NOT_COMPUTED)))).toBeLessThan(0.02);
    expect(hexAt(texture, CODE_NULL)).not.toBe(hexAt(texture, CODE_NOT_COMPUTED));
    expect(chroma(lab(hexAt(texture, CODE_OTHER)))).toBeGreaterThan(0.03);
    expect(hexAt(texture, CODE_FIRST)).toBe(categoryColor(0, dark));
    expect(hexAt(texture, CODE_FIRST + 299)).toBe(hexAt(texture, CODE_OTHER));
  });

  it("gives noise a muted colour that no category has", () => {
    const texture = paletteTexture(categorical(["a", "Noise", "b"]), dark);
    const noise = hexAt(texture, CODE_FIRST + 1);
    expect(noise).toBe(categoryColor(1, dark, "noise"));
    expect(colors).not.toContain(noise);
    expect(chroma(lab(noise))).toBeGreaterThan(0.03);
    expect(chroma(lab(noise))).toBeLessThan(0.09);
  });

  it("has a scale of even steps whose lightness goes one way", () => {
    const steps = Array.from({ length: 22 }, (_, k) => lab(ramp(k / 21, dark)));
    const gaps = steps.slice(1).map((step, k) => distance(step, steps[k] ?? step));
    expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(1.25);
    for (const [k, step] of steps.slice(1).entries()) {
      expect((step[0] - (steps[k]?.[0] ?? 0)) * (dark ? 1 : -1)).toBeGreaterThan(0);
    }
  });

  it("has a scale with zero in the middle, which grows evenly to both sides", () => {
    const steps = Array.from({ length: 23 }, (_, k) => lab(ramp(k / 22, dark, "symmetric")));
    expect(chroma(steps[11] ?? [0, 0, 0])).toBeLessThan(0.005);
    for (const arm of [steps.slice(0, 12).reverse(), steps.slice(11)]) {
      const gaps = arm.slice(1).map((step, k) => distance(step, arm[k] ?? step));
      expect(Math.max(...gaps) / Math.min(...gaps)).toBeLessThan(1.25);
      for (const [k, step] of arm.slice(1).entries()) {
        expect((step[0] - (arm[k]?.[0] ?? 0)) * (dark ? 1 : -1)).toBeGreaterThan(0);
      }
    }
    // Blue below, red above, also to eyes that lack a cone: what is yellower is above.
    for (let k = 0; k < 10; k++) expect(steps[k]?.[2]).toBeLessThan((steps[22 - k]?.[2] ?? 0) - 0.05);
    const number = { kind: "number", scale: "symmetric", column: "c" } as unknown as ColorResult;
    expect(hexAt(paletteTexture(number, dark), CODE_FIRST)).toBe(ramp(0, dark, "symmetric"));
  });

  it("has one colour without a column", () => {
    const texture = paletteTexture(null, dark);
    expect(new Set(Array.from({ length: 256 }, (_, code) => hexAt(texture, code))).size).toBe(1);
    expect(chroma(lab(hexAt(texture, 0)))).toBeGreaterThan(0.1);
  });
});
