/** A rectangle in data units. */
export interface Bounds {
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

export interface Pose {
  cx: number;
  cy: number;
  /** CSS pixels for one data unit, the same on both axes. */
  scale: number;
}

/** Never nearer to the edge than a point's radius and a little air. */
export const FIT_MARGIN_PX = 20;
/** A quarter of the fitted size: farther out there is nothing to see. */
const ZOOM_OUT_LIMIT = 0.25;
/** Where two places can't be told apart, this much between them shows only that. */
const QUANTUM_LIMIT_PX = 24;

/**
 * Where the map looks: a centre and one scale, in float64. The y axis goes up.
 *
 * px = width / 2 + (x - cx) * scale, py = height / 2 - (y - cy) * scale, in CSS pixels.
 */
export class Camera {
  cx = 0;
  cy = 0;
  scale = 1;
  width = 1;
  height = 1;
  #extent: Bounds = { x0: 0, y0: 0, x1: 1, y1: 1 };
  #quantum = 1 / 65535;
  /** What float64 had no room for of the last movement by hand, CSS pixels: else a slow one would stand still. */
  #left = [0, 0] as [number, number];

  /** What zooming is limited by: all of the data, and the least distance between two places. */
  setExtent(extent: Bounds, quantum: number): void {
    this.#extent = extent;
    this.#quantum = quantum > 0 ? quantum : 1 / 65535;
  }

  resize(width: number, height: number): void {
    this.width = Math.max(1, width);
    this.height = Math.max(1, height);
  }

  get pose(): Pose {
    return { cx: this.cx, cy: this.cy, scale: this.scale };
  }

  set pose(pose: Pose) {
    this.cx = pose.cx;
    this.cy = pose.cy;
    this.scale = this.#clampScale(pose.scale);
    this.#clampCentre();
  }

  /** The pose that shows `bounds` whole, in equal aspect, with a margin. */
  fitted(bounds: Bounds, margin = FIT_MARGIN_PX): Pose {
    const room = (size: number) => Math.max(1, size - 2 * Math.min(margin, size / 4));
    const w = bounds.x1 - bounds.x0;
    const h = bounds.y1 - bounds.y0;
    const wide = w > 0 ? room(this.width) / w : Number.POSITIVE_INFINITY;
    const high = h > 0 ? room(this.height) / h : Number.POSITIVE_INFINITY;
    const scale = Math.min(wide, high);
    return {
      cx: (bounds.x0 + bounds.x1) / 2,
      cy: (bounds.y0 + bounds.y1) / 2,
      // One point, or all in one place: any scale shows it.
      scale: Number.isFinite(scale) ? this.#clampScale(scale) : 1,
    };
  }

  fit(bounds: Bounds, margin = FIT_MARGIN_PX): void {
    this.pose = this.fitted(bounds, margin);
  }

  panBy(dx: number, dy: number): void {
    const { cx, cy, scale } = this;
    const [x, y] = [dx + this.#left[0], dy + this.#left[1]];
    this.cx -= x / scale;
    this.cy += y / scale;
    this.#left = [x - (cx - this.cx) * scale, y - (this.cy - cy) * scale];
    this.#clampCentre();
  }

  /** The data under (px, py) stays there. */
  zoomAt(factor: number, px = this.width / 2, py = this.height / 2): void {
    const [x, y] = this.toData(px, py);
    this.scale = this.#clampScale(this.scale * factor);
    this.cx = x - (px - this.width / 2) / this.scale;
    this.cy = y + (py - this.height / 2) / this.scale;
    this.#clampCentre();
  }

  toScreen(x: number, y: number): [number, number] {
    return [this.width / 2 + (x - this.cx) * this.scale, this.height / 2 - (y - this.cy) * this.scale];
  }

  toData(px: number, py: number): [number, number] {
    return [this.cx + (px - this.width / 2) / this.scale, this.cy - (py - this.height / 2) / this.scale];
  }

  /** What is in view, grown by `px` CSS pixels on each side. */
  visible(px = 0): Bounds {
    const [x0, y1] = this.toData(-px, -px);
    const [x1, y0] = this.toData(this.width + px, this.height + px);
    return { x0, y0, x1, y1 };
  }

  #clampScale(scale: number): number {
    const { x0, y0, x1, y1 } = this.#extent;
    const whole = Math.min(this.width / (x1 - x0 || 1), this.height / (y1 - y0 || 1));
    const low = whole * ZOOM_OUT_LIMIT;
    const high = Math.max(QUANTUM_LIMIT_PX / this.#quantum, low);
    return Math.min(high, Math.max(low, scale));
  }

  /** Some of the data stays in view: its extent never leaves the middle of the map. */
  #clampCentre(): void {
    const { x0, y0, x1, y1 } = this.#extent;
    this.cx = Math.min(x1, Math.max(x0, this.cx));
    this.cy = Math.min(y1, Math.max(y0, this.cy));
  }
}
