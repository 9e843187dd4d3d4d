import type { Mode } from "../host/protocol";
import type { Camera } from "./camera";
import { clearScaled, drawRing } from "./paint";

export type Vertex = [number, number];
/** A point's place, and how many times as large as a plain one it is. */
export type Place = [x: number, y: number, grown: number];

/** What lies over the points; all places in data units, so that it stays put while the view moves. */
export interface Marks {
  /** The lasso or box being drawn. */
  drawing: { path: Vertex[]; mode: Mode } | null;
  /** Outlines of the map's own clause. */
  outlines: readonly (readonly Vertex[])[];
  focused: Place | null;
  hovered: Place | null;
}

export interface Inks {
  accent: string;
  ground: string;
  text: string;
  muted: string;
}

const MODE_SIGN: Record<Mode, string> = { replace: "", add: "+", subtract: "−", intersect: "∩" };

/** Draws marks, lines and rings on a canvas over the points; they are few, so all are drawn anew. */
export class Overlay {
  readonly marks: Marks = { drawing: null, outlines: [], focused: null, hovered: null };
  inks: Inks = { accent: "", ground: "", text: "", muted: "" };
  /** Diameter of a point, CSS pixels. */
  pointSize = 4;
  #timer = 0;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly camera: Camera,
  ) {}

  request(): void {
    if (this.#timer === 0) this.#timer = requestAnimationFrame(() => this.#draw());
  }

  /** Takes the theme's colours from the shell's variables. */
  readInks(): void {
    const style = getComputedStyle(this.canvas);
    const read = (name: string) => style.getPropertyValue(name).trim();
    this.inks = {
      accent: read("--dl-accent"),
      ground: read("--dl-bg"),
      text: read("--dl-fg"),
      muted: read("--dl-muted"),
    };
    this.request();
  }

  destroy(): void {
    cancelAnimationFrame(this.#timer);
  }

  #draw(): void {
    this.#timer = 0;
    const { camera, canvas } = this;
    const context = canvas.getContext("2d");
    if (context === null) return;
    clearScaled(context, camera);
    context.lineJoin = "round";
    const { drawing, outlines, focused, hovered } = this.marks;
    if (drawing === null) for (const outline of outlines) this.#outline(context, outline);
    else this.#drawing(context, drawing.path, drawing.mode);
    if (focused !== null) drawRing(context, this, focused, 2.25, this.inks.text);
    if (hovered !== null) drawRing(context, this, hovered, 2, this.inks.accent);
  }

  #outline(context: CanvasRenderingContext2D, path: readonly Vertex[]): void {
    this.#trace(context, path);
    context.globalAlpha = 0.55;
    context.lineWidth = 1;
    context.strokeStyle = this.inks.accent;
    context.stroke();
    context.globalAlpha = 1;
  }

  #drawing(context: CanvasRenderingContext2D, path: Vertex[], mode: Mode): void {
    const { accent, ground } = this.inks;
    this.#trace(context, path);
    context.globalAlpha = 0.1;
    context.fillStyle = accent;
    context.fill("evenodd");
    // A line in the ground's colour below it keeps it readable over any points.
    context.globalAlpha = 0.7;
    context.lineWidth = 3.5;
    context.strokeStyle = ground;
    context.stroke();
    context.globalAlpha = 1;
    context.lineWidth = 1.5;
    context.strokeStyle = accent;
    if (mode === "subtract") context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
    const last = path.at(-1);
    if (MODE_SIGN[mode] === "" || last === undefined) return;
    const [x, y] = this.camera.toScreen(...last);
    context.font = "600 15px system-ui, sans-serif";
    context.lineWidth = 3;
    context.strokeStyle = ground;
    context.strokeText(MODE_SIGN[mode], x + 10, y - 8);
    context.fillStyle = accent;
    context.fillText(MODE_SIGN[mode], x + 10, y - 8);
  }

  #trace(context: CanvasRenderingContext2D, path: readonly Vertex[]): void {
    context.beginPath();
    for (const [x, y] of path) context.lineTo(...this.camera.toScreen(x, y));
    context.closePath();
  }
}
