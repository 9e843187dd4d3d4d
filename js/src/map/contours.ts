import { isSelected, type Points } from "../host/store";
import type { Camera } from "./camera";
import { STEPS } from "./grid";
import type { Inks, Vertex } from "./overlay";
import { strokeTwice } from "./paint";

/** Cells along each axis of the map: lines are no finer than this. */
const CELLS = 128;
/** Cells around them, for lines to close beyond the outermost points; the kernel reaches as far. */
const ROOM = 20;
const SIDE = CELLS + 2 * ROOM;
const CELL = STEPS / CELLS;
/** Width of the kernel in cells (the root of two deviations) for one point, and how it narrows with more of them (Scott 1992); found by eye. */
const WIDTH_AT_ONE = 15;
const WIDTH_ROOT = 6;
/** Parts of the points that lie outside of the lines. */
const OUTSIDE = [0.1, 0.3, 0.5, 0.7, 0.9];

type Placed = Pick<Points, "n" | "xy" | "origin" | "scale">;

/**
 * Lines of equal density that enclose 90, 70, 50, 30 and 10 % of the points, each as the ends of its segments, two by
 * two. `bits`: only of points whose bit is set.
 */
export function contours({ n, xy, origin, scale }: Placed, bits: Uint8Array | null): Vertex[][] {
  let density = new Float32Array(SIDE * SIDE);
  const cellOf = (k: number) => ROOM + (((xy[k] as number) / CELL) | 0);
  let count = 0;
  for (let i = 0; i < n; i++) {
    if (!isSelected(bits, i)) continue;
    (density[cellOf(2 * i + 1) * SIDE + cellOf(2 * i)] as number) += 1;
    count++;
  }
  const width = WIDTH_AT_ONE / count ** (1 / WIDTH_ROOT);
  const kernel = Array.from({ length: 2 * ROOM + 1 }, (_, k) => Math.exp(-(((k - ROOM) / width) ** 2)));
  for (const step of [1, SIDE]) {
    density = density.map((_, at) =>
      kernel.reduce((sum, weight, k) => sum + weight * (density[at + (k - ROOM) * step] ?? 0), 0),
    );
  }
  const whole = density.reduce((a, b) => a + b);
  const place = (cell: number, axis: 0 | 1) => origin[axis] + (cell - ROOM + 0.5) * CELL * scale[axis];
  const lines: Vertex[][] = [];
  let outside = 0;
  for (const level of density.slice().sort()) {
    outside += level;
    while (outside > whole * (OUTSIDE[lines.length] ?? 2)) {
      lines.push(traced(density, level).map(([x, y]) => [place(x, 0), place(y, 1)]));
    }
  }
  return lines;
}

/** Marching squares, in cells: where middles of neighbouring cells lie on both sides of the level, a line passes. */
function traced(density: Float32Array, level: number): Vertex[] {
  const found: Vertex[] = [];
  for (let cell = 0; cell < density.length - SIDE; cell++) {
    // Edges go round the square: along its foot, up, back, down.
    [cell, cell + 1, cell + SIDE + 1, cell + SIDE, cell].reduce((from, to) => {
      const before = (density[from] as number) - level;
      const after = (density[to] ?? 0) - level;
      if (before > 0 !== after > 0) {
        const at = (a: number, b: number) => a + ((b - a) * before) / (before - after);
        found.push([at(from % SIDE, to % SIDE), at((from / SIDE) | 0, (to / SIDE) | 0)]);
      }
      return to;
    });
  }
  return found;
}

/** The lines over a map: of all points, and of those selected where not all are. */
export class Contours {
  #points: Points | null = null;
  #flags: Uint8Array | null = null;
  #all: Vertex[][] = [];
  #selected: Vertex[][] = [];

  /** Shows lines of these points; null shows none. What is known already is not made again. */
  show(points: Points | null, flags: Uint8Array | null): void {
    const isOther = points !== this.#points;
    if (isOther) this.#all = points ? contours(points, null) : [];
    if (isOther || flags !== this.#flags) this.#selected = points && flags ? contours(points, flags) : [];
    this.#points = points;
    this.#flags = flags;
  }

  draw(context: CanvasRenderingContext2D, camera: Camera, { ground, text, accent }: Inks): void {
    const draw = (lines: Vertex[][], ink: string) => {
      for (const [k, line] of lines.entries()) {
        context.beginPath();
        for (const [i, at] of line.entries()) context[i % 2 ? "lineTo" : "moveTo"](...camera.toScreen(...at));
        // The inner ones are stronger.
        context.globalAlpha = 0.4 + k / 8;
        strokeTwice(context, 1, ink, ground);
      }
    };
    draw(this.#all, text);
    draw(this.#selected, accent);
    context.globalAlpha = 1;
  }
}
