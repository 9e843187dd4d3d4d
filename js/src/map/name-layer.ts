import { CODE_FIRST } from "../host/protocol";
import { isSelected, type Points } from "../host/store";
import type { Coloring, ViewState } from "../host/view";
import type { Camera } from "./camera";
import { Contours } from "./contours";
import { canName, type Name, namesOf, type Placed, place } from "./names";
import { followNaming } from "./naming";
import type { Inks, Place } from "./overlay";
import { clearScaled, drawRing, familyOf, fontOf } from "./paint";
import { bytesFor } from "./selection";

/** How much of a name is left where none of its rows is selected. */
const DIM = 0.38;
const HALO_PX = 4;
/** Thin: the ring of the sample that they are near to is the thicker one. */
const NEAR_PX = 1;

/** Draws lines of density, names of categories and rings of near rows over the points, on a canvas that no pointer meets. */
export class NameLayer {
  readonly contours = new Contours();
  inks: Inks | null = null;
  /** Diameter of a point, CSS pixels. */
  pointSize = 4;
  /** The rows that the list of neighbours shows. */
  near: readonly Place[] = [];
  #points: Points | null = null;
  #naming: Coloring | null = null;
  #flags: Uint8Array | null = null;
  #names: Name[] = [];
  /** What the names were placed for. */
  #placed: { codes: unknown; points: unknown } = { codes: null, points: null };
  /** Of each category: 1 where a row is selected; null where it has to be counted, or all are. */
  #lit: Uint8Array | null = null;
  #timer = 0;
  readonly #stop: () => void;

  constructor(
    readonly canvas: HTMLCanvasElement,
    readonly camera: Camera,
    view: ViewState,
  ) {
    canvas.setAttribute("aria-hidden", "true");
    this.#stop = followNaming(view, (naming) => {
      this.#naming = naming;
      this.request();
    });
  }

  setPoints(points: Points | null): void {
    this.#points = points;
    this.request();
  }

  setFlags(flags: Uint8Array | null): void {
    this.#flags = flags;
    this.#lit = null;
    this.request();
  }

  request(): void {
    if (this.#timer === 0) this.#timer = requestAnimationFrame(() => this.#show());
  }

  destroy(): void {
    cancelAnimationFrame(this.#timer);
    this.#stop();
  }

  /** Draws on any canvas: the map's own, or that of a picture. */
  draw(context: CanvasRenderingContext2D, camera: Camera): Placed[] {
    this.#read(context);
    const { inks } = this;
    if (inks === null) return [];
    this.contours.draw(context, camera, inks);
    const shown = place(this.#names, camera);
    const lit = this.#litOf();
    const family = familyOf(this.canvas);
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = HALO_PX;
    context.strokeStyle = inks.ground;
    context.fillStyle = inks.text;
    // From the least: what is larger lies on top where halos touch.
    for (const { name, x, y } of shown.slice().reverse()) {
      context.font = fontOf(family, name.size, name.bold);
      context.globalAlpha = lit === null || lit[name.index] ? 1 : DIM;
      context.strokeText(name.text, x, y);
      context.fillText(name.text, x, y);
    }
    context.globalAlpha = 1;
    return shown;
  }

  #show(): void {
    this.#timer = 0;
    const { camera, canvas } = this;
    const context = canvas.getContext("2d");
    if (context === null) return;
    clearScaled(context, camera);
    const { inks, near, pointSize } = this;
    if (inks !== null)
      for (const at of near) drawRing(context, { camera, inks, pointSize }, at, NEAR_PX, inks.accent);
    const shown = this.draw(context, camera);
    canvas.dataset.names = JSON.stringify(
      shown.map(({ name: { text, width, height }, x, y }) => [text, x, y, width, height]),
    );
  }

  /** Finds places anew where the points or the codes are others. */
  #read(context: CanvasRenderingContext2D): void {
    const points = this.#points;
    const naming = this.#naming;
    const fits = naming?.result.points === points?.version;
    // The last names stay until the next ones are of these points.
    if (naming !== null && points !== null && !fits && this.#placed.points === points) return;
    const codes = fits ? (naming?.codes ?? null) : null;
    if (this.#placed.codes === codes && this.#placed.points === points) return;
    this.#placed = { codes, points };
    this.#lit = null;
    this.#names = [];
    if (codes === null || points === null || naming === null || !canName(naming.result)) return;
    const family = familyOf(this.canvas);
    this.#names = namesOf(points, codes, naming.result, (text, size, bold) => {
      context.font = fontOf(family, size, bold);
      return context.measureText(text).width;
    });
  }

  #litOf(): Uint8Array | null {
    const [flags, codes, order] = [this.#flags, this.#naming?.codes, this.#points?.order];
    if (flags === null || !codes || !order || bytesFor(order.length) !== flags.length) return null;
    if (this.#lit === null) {
      this.#lit = new Uint8Array(65536);
      for (let i = 0; i < order.length; i++) {
        if (isSelected(flags, i)) this.#lit[(codes[order[i] ?? 0] ?? 0) - CODE_FIRST] = 1;
      }
    }
    return this.#lit;
  }
}
