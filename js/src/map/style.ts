import { isSelected, type Points } from "../host/store";
import { type Look, PLAIN } from "../host/view";
import { STEPS } from "./grid";
import type { Pass } from "./order";

type Taste = Pick<Look, "size" | "opacity">;

/** How a layer of points is drawn; sizes in CSS pixels. */
export interface Style {
  diameter: number;
  /** Opacity of one point where nothing overlaps it. */
  alpha: number;
  /** Optical depth that a typical place of the map has. */
  depth: number;
  /** Below 1, thin places are lifted and dense ones kept from saturating, so that density shows. */
  gamma: number;
  /** 0: points stand apart; 1: they lie upon one another many times. */
  dense: number;
  /** The codes that are drawn. */
  span: Pass["span"];
}

/** Smaller than this a point no longer has a colour of its own. */
const DIAMETER_MIN_PX = 1.5;
/** Larger than this it hides its neighbours and says nothing more. */
const DIAMETER_MAX_PX = 9;
/** Diameter where one point comes on each CSS pixel, and how it falls with more: chosen by eye at 1k to 5M. */
const DIAMETER_AT_ONE = 2.1;
const DIAMETER_POWER = -0.3;
/** A typical place then lets a fifth of the ground through, which leaves room above it and below. */
const TYPICAL_DEPTH = 1.7;
const ALPHA_MAX = 0.88;
/** With less, 16-bit blending would round colours away. */
const ALPHA_MIN = 0.01;
const GAMMA_DENSE = 0.6;
/** Few selected points stand out by size as well, without leaving their places. */
const SELECTED_GROWTH = 1.7;

/**
 * Points a step squared at a typical point: the mean of its cell's density, weighted by points. Unlike points divided
 * by area it doesn't care how empty the rest of the map is.
 */
export function typicalDensity(
  points: Pick<Points, "grid" | "cells">,
  /** A bit a place: whether it counts; null counts all. */
  bits: Uint8Array | null = null,
): number {
  const { grid, cells } = points;
  let squares = 0;
  let all = 0;
  for (let c = 0; c < grid * grid; c++) {
    const start = cells[c] ?? 0;
    const end = cells[c + 1] ?? 0;
    let count = end - start;
    if (bits !== null) {
      count = 0;
      for (let i = start; i < end; i++) if (isSelected(bits, i)) count++;
    }
    all += count;
    // Less one: a lone point has no company, however fine the cells are.
    squares += count * (count - 1);
  }
  const side = STEPS / grid;
  return all === 0 ? 0 : squares / all / (side * side);
}

/** Style of points of which `perPixel` lie on a typical CSS pixel, and what the person makes of it. */
export function styleOf(
  perPixel: number,
  look: Taste = PLAIN,
  diameter = clamp(
    DIAMETER_AT_ONE * Math.max(perPixel, 1e-9) ** DIAMETER_POWER,
    DIAMETER_MIN_PX,
    DIAMETER_MAX_PX,
  ),
): Style {
  const layers = (perPixel * Math.PI * diameter * diameter) / 4;
  const depth = TYPICAL_DEPTH * look.opacity;
  const most = Math.min(1, ALPHA_MAX * look.opacity);
  const alpha = clamp(1 - Math.exp(-depth / Math.max(layers, 1e-9)), ALPHA_MIN, most);
  const dense = smoothstep(0.8, 5, layers);
  const gamma = 1 + (GAMMA_DENSE - 1) * dense;
  return { diameter: diameter * look.size, alpha, depth, gamma, dense, span: [0, 65536] };
}

/** Style of the selected among the rest: as their own density asks for, but still of the same map. */
export function selectedStyle(all: Style, perPixel: number, look = PLAIN): Style {
  const own = styleOf(perPixel, look);
  return { ...own, diameter: Math.min(own.diameter, all.diameter * SELECTED_GROWTH) };
}

/** Styles of passes of which each hides those before it where it is dense itself. */
export function passStyles(
  whole: Style,
  perPixel: number,
  passes: Pass[],
  look: Taste,
): { styles: Style[]; gain: number } {
  if (passes.length < 2) return { styles: [whole], gain: 1 };
  const depth = (style: Style, share: number) => -share * Math.log(Math.max(1e-3, 1 - style.alpha));
  let together = 0;
  const styles = passes.map(({ span, share, most }) => {
    const own = Math.min(styleOf(perPixel * share, look).diameter, whole.diameter * most);
    const style = { ...styleOf(perPixel * share, look, own / look.size), span };
    together += depth(style, share);
    return style;
  });
  // Upon one another they are no more solid than all points at once.
  return { styles, gain: depth(whole, 1) / together };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function smoothstep(low: number, high: number, value: number): number {
  const t = clamp((value - low) / (high - low), 0, 1);
  return t * t * (3 - 2 * t);
}
