import {
  type CategoryInfo,
  CODE_FIRST,
  CODE_NOT_COMPUTED,
  CODE_NULL,
  CODE_OTHER,
  type ColorResult,
  type ColorScale,
  NUMBER_STEPS,
} from "../host/protocol";
import { oklabToRgb, oklch, parseHex, rgbToOklab, type Triple, toHex } from "./oklab";

/**
 * Twenty hues on a light and on a dark ground; the same place is the same hue on both. Found by hand and then by
 * search: the smallest OKLab distance between any two was raised, seen with normal, protan and deutan eyes (Machado
 * et al. 2009), the first eight weighted most. None is grey: grey is what is dimmed, null or not computed.
 */
const CATEGORIES_LIGHT = [
  "#3e73b3", "#e28e11", "#2a9b69", "#b00a47", "#7418c0", "#0ab0d8", "#ee74a8", "#d3c200", "#7c3a06", "#5fd552",
  "#46408a", "#0f787a", "#dc27bf", "#fb9576", "#867be9", "#04593a", "#7d1863", "#82bdf2", "#7f7109", "#45d3b2",
]; // biome-ignore format: a table
const CATEGORIES_DARK = [
  "#6a9cdb",
  "#fca639",
  "#59b989",
  "#e0466e",
  "#9e5cea",
  "#10d0fa",
  "#fe9cc3",
  "#ecdf38",
  "#b9632a",
  "#8cfa82",
  "#7673c0",
  "#4ba1a2",
  "#fa5bdc",
  "#febaa5",
  "#a29bff",
  "#2c9165",
  "#b5559a",
  "#bbdfff",
  "#b09c14",
  "#7cf3d4",
];

export const CATEGORY_COUNT = CATEGORIES_LIGHT.length;

/** The colours that stand for no value of their own. */
const FIXED = {
  light: { none: "#a9adb3", pending: "#c9ccd1", other: "#8b76b4", noise: "#c9b58b", accent: "#3a74c4" },
  dark: { none: "#6d737c", pending: "#4d525a", other: "#9380c2", noise: "#a3926a", accent: "#6fa8f0" },
};

/** How solid each kind is: rows without a value must not hide those with one. */
const OPACITY = { value: 255, other: 225, noise: 170, none: 150, pending: 120 };

/**
 * Colours of the codes, as a texture of 256 columns: code c is at column c & 255 of row c >> 8. The fourth
 * byte is opacity, not yet multiplied in.
 */
export function paletteTexture(result: ColorResult | null, dark: boolean): Uint8Array {
  const fixed = dark ? FIXED.dark : FIXED.light;
  const count = result?.kind === "category" ? CODE_FIRST + result.values.length : 256;
  const texture = new Uint8Array(256 * 4 * Math.max(1, Math.ceil(count / 256)));
  const put = (code: number, hex: string, opacity: number) => {
    const [r, g, b] = parseHex(hex);
    texture.set([Math.round(r * 255), Math.round(g * 255), Math.round(b * 255), opacity], code * 4);
  };
  const rest = result === null ? fixed.accent : fixed.other;
  for (let code = 0; code < texture.length / 4; code++) put(code, rest, OPACITY.other);
  if (result === null) {
    for (let code = 0; code < texture.length / 4; code++) put(code, fixed.accent, OPACITY.value);
    return texture;
  }
  put(CODE_NULL, fixed.none, OPACITY.none);
  put(CODE_NOT_COMPUTED, fixed.pending, OPACITY.pending);
  put(CODE_OTHER, fixed.other, OPACITY.other);
  if (result.kind === "number") {
    for (let step = 0; step <= NUMBER_STEPS; step++) {
      put(CODE_FIRST + step, ramp(step / NUMBER_STEPS, dark, result.scale), OPACITY.value);
    }
    return texture;
  }
  for (const [index, value] of result.values.entries()) {
    const noise = isNoise(value.label);
    const color = valueColor(value, index, dark);
    put(CODE_FIRST + index, color, noise ? OPACITY.noise : OPACITY.value);
  }
  return texture;
}

/** Colour of the category at `index` of the list; those beyond the palette share one. `label` finds noise. */
export function categoryColor(index: number, dark: boolean, label?: string): string {
  const fixed = dark ? FIXED.dark : FIXED.light;
  if (label !== undefined && isNoise(label)) return fixed.noise;
  return (dark ? CATEGORIES_DARK : CATEGORIES_LIGHT)[index] ?? fixed.other;
}

/** Colour of a legend's value: tags have one of their own. */
export function valueColor({ label, color }: CategoryInfo, index: number, dark: boolean): string {
  return typeof color === "string" ? color : categoryColor(color ?? index, dark, label);
}

/** Colours of what has no value: for the legend's last lines. */
export function missingColor(kind: "null" | "not computed" | "other", dark: boolean): string {
  const fixed = dark ? FIXED.dark : FIXED.light;
  return kind === "null" ? fixed.none : kind === "other" ? fixed.other : fixed.pending;
}

/** The one colour of a map that is coloured by nothing. */
export function accentColor(dark: boolean): string {
  return dark ? FIXED.dark.accent : FIXED.light.accent;
}

/**
 * The scale at t in [0, 1]. More is brighter on a dark ground and darker on a light one; where zero is in the middle
 * that has no hue, and both sides grow away from it.
 */
export function ramp(t: number, dark: boolean, scale?: ColorScale): string {
  const at = Math.min(1, Math.max(0, Number.isFinite(t) ? t : 0));
  if (scale !== "symmetric") return stepAt(dark ? darkRamp() : lightRamp(), at);
  const [below, above] = (dark ? darkArms : lightArms)();
  return at < 0.5 ? stepAt(below, 1 - 2 * at) : stepAt(above, 2 * at - 1);
}

function stepAt(steps: string[], at: number): string {
  return steps[Math.round(at * NUMBER_STEPS)] ?? "#000000";
}

/** Clusterers name what belongs to no cluster so. */
export function isNoise(label: string): boolean {
  return label.trim().toLowerCase() === "noise";
}

/**
 * Lightness, chroma and hue of a scale's stations; between them OKLab is walked along in equal steps of difference.
 * Both stay away from their ground at both ends: on white no lighter than .85, on black no darker than .42.
 */
const STATIONS_DARK: Triple[] = [
  [0.43, 0.14, 292], [0.53, 0.13, 262], [0.63, 0.11, 222], [0.72, 0.12, 175], [0.82, 0.16, 132], [0.93, 0.17, 105],
]; // biome-ignore format: a table
const STATIONS_LIGHT: Triple[] = [
  [0.85, 0.155, 94],
  [0.79, 0.15, 128],
  [0.68, 0.12, 168],
  [0.56, 0.1, 220],
  [0.44, 0.13, 268],
  [0.3, 0.14, 295],
];

/** From zero to below it, and to above it. */
const ARMS_DARK: [Triple[], Triple[]] = [
  [[0.45, 0, 262], [0.55, 0.09, 262], [0.7, 0.13, 250], [0.86, 0.09, 225]],
  [[0.45, 0, 38], [0.56, 0.11, 38], [0.72, 0.15, 52], [0.9, 0.12, 85]],
]; // biome-ignore format: a table
const ARMS_LIGHT: [Triple[], Triple[]] = [
  [[0.86, 0, 250], [0.73, 0.08, 250], [0.56, 0.14, 258], [0.34, 0.13, 268]],
  [[0.86, 0, 55], [0.75, 0.1, 55], [0.59, 0.16, 40], [0.37, 0.13, 28]],
]; // biome-ignore format: a table

const darkArms = once(() => ARMS_DARK.map(evenSteps) as [string[], string[]]);
const lightArms = once(() => ARMS_LIGHT.map(evenSteps) as [string[], string[]]);
const darkRamp = once(() => evenSteps(STATIONS_DARK));
const lightRamp = once(() => evenSteps(STATIONS_LIGHT));

function evenSteps(stations: Triple[]): string[] {
  const fine: Triple[] = [];
  const reached: number[] = [];
  const parts = 400;
  for (let i = 0; i <= parts; i++) {
    // Back from the screen's own colours, so that clipping to its gamut is counted too.
    const lab = rgbToOklab(oklch(...along(stations, i / parts)));
    const last = fine.at(-1) ?? lab;
    reached.push((reached.at(-1) ?? 0) + Math.hypot(lab[0] - last[0], lab[1] - last[1], lab[2] - last[2]));
    fine.push(lab);
  }
  const whole = reached.at(-1) ?? 1;
  const steps: string[] = [];
  let at = 0;
  for (let step = 0; step <= NUMBER_STEPS; step++) {
    const want = (whole * step) / NUMBER_STEPS;
    while (at < parts && (reached[at] ?? 0) < want) at++;
    steps.push(toHex(oklabToRgb(fine[at] ?? [0, 0, 0])));
  }
  return steps;
}

/** Catmull-Rom through the stations: no kinks that would read as edges in the data. */
function along(stations: Triple[], t: number): Triple {
  const last = stations.length - 1;
  const i = Math.min(last - 1, Math.floor(t * last));
  const f = t * last - i;
  const pick = (k: number): Triple => stations[Math.min(last, Math.max(0, k))] ?? [0, 0, 0];
  const [a, b, c, d] = [pick(i - 1), pick(i), pick(i + 1), pick(i + 2)];
  const spline = (axis: 0 | 1 | 2) => {
    const [p, q, r, s] = [a[axis], b[axis], c[axis], d[axis]];
    return q + 0.5 * f * (r - p + f * (2 * p - 5 * q + 4 * r - s + f * (3 * (q - r) + s - p)));
  };
  return [spline(0), spline(1), spline(2)];
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
