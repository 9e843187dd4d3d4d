import type { Points } from "../host/store";
import { type Look, PLAIN } from "../host/view";
import type { Camera } from "./camera";
import { type Frame, GpuMap } from "./gpu-map";
import { type Rests, runs } from "./grid";
import { type Pass, passesOf } from "./order";
import { batchGrowth, MOST_GROWTH, Pace, partsOf, restPartsOf } from "./pace";
import { bytesFor, withFlag } from "./selection";
import { passStyles, type Style, selectedStyle, styleOf, typicalDensity } from "./style";

/** More than this a screen's pixels can't be told apart by eye, and each costs. */
const RATIO_MAX = 2;
/** Fences are looked at this often: finer than a frame, so that what was measured means something. */
const POLL_MS = 2;
/** A picture that takes its time is shown this often while it grows. */
const PICTURE_MS = 300;
/** And for the first time after so long, where nothing has moved: to show it takes time as well. */
const SOON_MS = 100;
/** Few points stand for many while the view moves: they may be larger, but not jump when it rests. */
const MOVING_GROWTH = 1.5;
/** What is selected is laid on thicker than it was, to stand out against what isn't. */
const SELECTED_DEPTH = 1.6;
/** What isn't selected: grey, and still enough to see where it lies. */
const DIM = {
  light: { color: [0.6, 0.62, 0.65], strength: 0.38 },
  dark: { color: [0.5, 0.53, 0.57], strength: 0.36 },
} as const;

/** What a GPU that has nothing lacks. */
const ALL: Partial<Record<"places" | "codes" | "flags" | "sizes" | "rests" | "palette", boolean>> = {
  places: true,
  codes: true,
  flags: true,
  sizes: true,
  palette: true,
  rests: true,
};

export interface RendererEvents {
  /** The whole frame is drawn and nothing moves. */
  rested(drawn: number): void;
  lost(): void;
  restored(): void;
}

interface Progress {
  done: number;
  of: number;
  batches: number;
}

/**
 * Draws the points. While the view moves and a full frame would break the budget, an evenly spread part of the points
 * stands for all, straight on the screen. When it rests, all are added up in layers, part by part so that a new movement
 * never waits, and the picture is made from those.
 */
export class Renderer {
  readonly #pace: Pace;
  #gpu: GpuMap | null = null;
  #points: Points | null = null;
  #rests: Rests | null = null;
  #density = 0;
  #codes: Uint8Array | Uint16Array | null = null;
  #flags: Uint8Array | null = null;
  #sizes: Uint8Array | null = null;
  #litDensity = 0;
  #palette: Uint8Array = new Uint8Array(1024);
  #dark = false;
  #taste = PLAIN;
  #passes = passesOf(null, "random");
  #stale = { ...ALL };
  /** What has changed since the last picture: nothing, what points look like, or where the view looks. */
  #changed: "no" | "data" | "view" = "data";
  /** Parts added to the layers, of how many, in how many batches; null while the layers hold another view. */
  #progress: Progress | null = null;
  #runs: number[] = [];
  /** Those of them that hold something selected, and something that isn't. */
  #litRuns: number[] = [];
  #dimRuns: number[] = [];
  #inRuns = 0;
  #frame: Frame = { width: 1, height: 1, centre: [0, 0], perStep: [1, 1], ratio: 1 };
  #perPixel = 0;
  #litPerPixel = 0;
  #timer = 0;
  readonly #off = new AbortController();
  #poll: ReturnType<typeof setTimeout> | undefined;
  #sent: { sync: WebGLSync; at: number; tell: (ms: number) => void } | null = null;
  #pictured = 0;
  #warm = false;

  private constructor(
    readonly canvas: HTMLCanvasElement,
    readonly gl: WebGL2RenderingContext,
    readonly camera: Camera,
    readonly events: RendererEvents,
    pace: Pace,
    /** Device pixels for one CSS pixel; null for the screen's own. */
    readonly ratio: number | null,
  ) {
    this.#pace = pace;
    this.#gpu = new GpuMap(gl);
    canvas.addEventListener("webglcontextlost", this.#onLost, this.#off);
    canvas.addEventListener("webglcontextrestored", this.#onRestored, this.#off);
  }

  /** null where the browser has no WebGL2. `pace` is what an earlier renderer of this view has learnt. */
  static create(
    canvas: HTMLCanvasElement,
    camera: Camera,
    events: RendererEvents,
    pace = new Pace(),
    ratio: number | null = null,
  ): Renderer | null {
    const gl = canvas.getContext("webgl2", {
      alpha: true,
      antialias: false,
      depth: false,
      stencil: false,
      premultipliedAlpha: true,
      // Parts of a frame come one after the other, and a picture may be taken at any time.
      preserveDrawingBuffer: true,
    });
    return gl === null ? null : new Renderer(canvas, gl, camera, events, pace, ratio);
  }

  get pace(): Pace {
    return this.#pace;
  }

  setPoints(points: Points | null): void {
    this.#points = points;
    this.#density = points === null ? 0 : typicalDensity(points);
    this.#stale.places = true;
    this.#repaint();
  }

  /** Exact positions of points, where they are zoomed in so far that it can be seen. */
  setRests(rests: Rests | null): void {
    this.#rests = rests;
    this.#stale.rests = true;
    this.#repaint();
  }

  /** One code a row; null draws all in code 0. */
  setCodes(codes: Uint8Array | Uint16Array | null): void {
    this.#codes = codes;
    this.#stale.codes = true;
    this.#repaint();
  }

  /** A bit a point in grid order; null selects all. */
  setFlags(flags: Uint8Array | null): void {
    this.#flags = flags;
    const points = this.#points;
    this.#litDensity = flags === null || points === null ? this.#density : typicalDensity(points, flags);
    this.#stale.flags = true;
    this.#repaint();
  }

  setPalette(texture: Uint8Array, dark: boolean): void {
    this.#palette = texture;
    this.#dark = dark;
    this.#stale.palette = true;
    this.#repaint();
  }

  /** `passes` are drawn one upon the other; `sizes` are in grid order, as `sizesOf` has them, or null. */
  setLook(look: Look, passes: Pass[], sizes: Uint8Array | null): void {
    this.#taste = look;
    this.#passes = passes;
    this.#stale.sizes ||= sizes !== this.#sizes;
    this.#sizes = sizes;
    this.#repaint();
  }

  /** Diameter of a point on the screen, in CSS pixels. */
  get diameter(): number {
    return styleOf(this.#perPixel, this.#taste).diameter;
  }

  /** The view has moved or has another size: draw it anew. */
  request(): void {
    this.#changed = "view";
    this.#schedule();
  }

  /** A copy of what is shown, for when the context has to go. */
  picture(): HTMLCanvasElement {
    const copy = document.createElement("canvas");
    copy.width = this.canvas.width;
    copy.height = this.canvas.height;
    copy.getContext("2d")?.drawImage(this.canvas, 0, 0);
    return copy;
  }

  destroy(): void {
    cancelAnimationFrame(this.#timer);
    clearTimeout(this.#poll);
    this.#off.abort();
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.#gpu = null;
  }

  #repaint(): void {
    if (this.#changed === "no") this.#changed = "data";
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer === 0) this.#timer = requestAnimationFrame(this.#tick);
  }

  readonly #tick = (): void => {
    this.#timer = 0;
    const points = this.#points;
    // One batch under way at a time: a queue of frames would be felt as lag. Its end schedules the next.
    if (this.#sent !== null || this.gl.isContextLost()) return;
    // Not laid out yet: a size comes with a new request.
    if (this.camera.width <= 1 || this.camera.height <= 1) return;
    if (points === null) {
      this.gl.bindFramebuffer(this.gl.FRAMEBUFFER, null);
      this.gl.clearColor(0, 0, 0, 0);
      this.gl.clear(this.gl.COLOR_BUFFER_BIT);
      return;
    }
    const gpu = this.#upload(points);
    const changed = this.#changed;
    this.#changed = "no";
    if (changed !== "no") {
      const moved = changed === "view" && this.#pictured > 0;
      this.#aim(points);
      // Where nothing has moved no hand waits for a batch to end; and neighbours drawn together are drawn faster.
      const batches = moved ? 0 : MOST_GROWTH;
      const of = restPartsOf(this.#inRuns, this.#pace.batch * batchGrowth(batches));
      this.#progress = { done: 0, of, batches };
      // What changed in looks alone is shown soon; a movement shows itself.
      this.#pictured = performance.now() - (moved ? 0 : PICTURE_MS - SOON_MS);
      if (moved && this.#moved(gpu)) return;
    }
    if (this.#progress !== null) this.#rest(gpu, this.#progress);
    else {
      this.events.rested(points.n);
      if (!this.#warm && points.n > 0) gpu.warm(this.#frame, this.#styles().all);
      this.#warm = true;
    }
  };

  /** A frame of a moving view, straight to the screen; false where the full picture is no slower. */
  #moved(gpu: GpuMap): boolean {
    const { all, lit } = this.#styles();
    const each = this.#passes.length;
    const most = this.#pace.moving / each;
    const sparse = all.dense === 0 && this.#inRuns <= most;
    if (!sparse && this.#pace.fits(this.#inRuns * each)) return false;
    const of = partsOf(this.#inRuns, most);
    this.#direct(gpu, of, all, lit);
    // Where points stand apart this is the picture already.
    if (sparse && this.#flags === null) this.#progress = null;
    const drawn = this.#inRuns / of;
    this.#send((ms) => this.#pace.frameTook(ms, drawn));
    return true;
  }

  #direct(gpu: GpuMap, of: number, all: Style, lit: Style): void {
    const thinned = (style: Style, perPixel: number): Style => {
      const own = styleOf(perPixel / of, this.#taste);
      return { ...own, diameter: Math.min(own.diameter, MOVING_GROWTH * style.diameter) };
    };
    const tint = this.#dark ? DIM.dark : DIM.light;
    const part = { part: 0, of, runs: this.#runs };
    const dim = this.#flags === null ? null : { style: thinned(all, this.#perPixel), tint };
    const whole = thinned(lit, this.#litPerPixel);
    gpu.direct(this.#frame, part, this.#passed(whole, this.#litPerPixel / of).styles, dim);
  }

  /** Adds the next parts to the layers and makes the picture when it is whole or has not been seen for long. */
  #rest(gpu: GpuMap, progress: Progress): void {
    const { all, lit } = this.#styles();
    const each = this.#inRuns / progress.of;
    if (progress.done === 0) this.#sortRuns();
    const { styles, gain } = this.#passed(lit, this.#litPerPixel);
    const steps = progress.of * styles.length;
    const count = Math.min(
      steps - progress.done,
      Math.max(1, Math.floor((this.#pace.batch * batchGrowth(progress.batches++)) / Math.max(1, each))),
    );
    for (let k = 0; k < count; k++) {
      const pass = Math.floor(progress.done / progress.of);
      const part = { part: progress.done % progress.of, of: progress.of };
      const first = progress.done === 0;
      if (this.#flags !== null && pass === 0) {
        gpu.accumulate(this.#frame, { ...part, runs: this.#dimRuns }, all, false, first);
      }
      gpu.accumulate(this.#frame, { ...part, runs: this.#litRuns }, styles[pass] ?? lit, true, first);
      progress.done++;
    }
    const whole = progress.done === steps;
    // From the half on the whole is not far: a picture takes time, too.
    const pictured = whole || (2 * progress.done < steps && performance.now() - this.#pictured > PICTURE_MS);
    if (pictured) {
      const missing = Math.max(1, progress.of / progress.done);
      this.#present(gpu, all, lit, missing, gain);
      this.#pictured = performance.now();
    }
    if (whole) this.#progress = null;
    this.#send((ms) => this.#pace.batchTook(ms, count * each, pictured));
  }

  /** Only what has changed goes to the GPU. */
  #upload(points: Points): GpuMap {
    this.#gpu ??= new GpuMap(this.gl);
    const gpu = this.#gpu;
    const stale = this.#stale;
    if (stale.places) gpu.fillPlaces(points);
    if (stale.codes) gpu.fillCodes(this.#codes, points.order);
    if (stale.flags) gpu.fillFlags(this.#flags?.length === bytesFor(points.n) ? this.#flags : null, points.n);
    if (stale.rests) gpu.fillRests(this.#rests);
    if (stale.sizes) gpu.fillSizes(this.#sizes, points.order);
    if (stale.palette) gpu.fillPalette(this.#palette);
    this.#stale = {};
    return gpu;
  }

  /** Takes over where the camera looks. */
  #aim(points: Points): void {
    const { camera, canvas } = this;
    const ratio = this.ratio ?? Math.min(window.devicePixelRatio || 1, RATIO_MAX);
    const width = Math.max(1, Math.round(camera.width * ratio));
    const height = Math.max(1, Math.round(camera.height * ratio));
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const [x0, y0] = points.origin;
    const [sx, sy] = points.scale;
    const steps = (value: number, origin: number, scale: number) =>
      scale === 0 ? 0 : (value - origin) / scale;
    this.#frame = {
      width,
      height,
      centre: [steps(camera.cx, x0, sx), steps(camera.cy, y0, sy)],
      perStep: [camera.scale * sx * ratio, camera.scale * sy * ratio],
      ratio,
    };
    const area = Math.abs(camera.scale * sx * camera.scale * sy);
    this.#perPixel = area === 0 ? 0 : this.#density / area;
    this.#litPerPixel = area === 0 ? 0 : this.#litDensity / area;
    this.#runs = runs(points, camera.visible(2 + this.diameter));
    this.#inRuns = 0;
    for (let k = 0; k < this.#runs.length; k += 2) {
      this.#inRuns += (this.#runs[k + 1] ?? 0) - (this.#runs[k] ?? 0);
    }
  }

  #sortRuns(): void {
    const flags = this.#flags;
    this.#litRuns = flags ? withFlag(this.#runs, flags, true) : this.#runs;
    this.#dimRuns = flags ? withFlag(this.#runs, flags, false) : [];
  }

  #present(gpu: GpuMap, all: Style, lit: Style, missing: number, ordered: number): void {
    // Where points lie upon one another a part of them is made up for by depth; where they stand apart it can't be.
    const tone = (style: Style, strength: number, depth = 1) => ({
      style,
      gain: depth * missing ** style.dense,
      strength,
    });
    const dim = this.#dark ? DIM.dark : DIM.light;
    const chosen = tone(lit, 1, ordered * (this.#flags === null ? 1 : SELECTED_DEPTH));
    gpu.present(this.#frame, chosen, this.#flags === null ? null : tone(all, dim.strength), dim.color);
  }

  #styles(): { all: Style; lit: Style } {
    const all = styleOf(this.#perPixel, this.#taste);
    return { all, lit: this.#flags === null ? all : selectedStyle(all, this.#litPerPixel, this.#taste) };
  }

  #passed(whole: Style, perPixel: number): { styles: Style[]; gain: number } {
    return passStyles(whole, perPixel, this.#passes, this.#taste);
  }

  /** Ends a batch: `tell` hears how long it took, and then the next tick may come. */
  #send(tell: (ms: number) => void): void {
    const sync = this.gl.fenceSync(this.gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    this.gl.flush();
    if (sync === null) return;
    this.#sent = { sync, at: performance.now(), tell };
    this.#poll = setTimeout(this.#look, POLL_MS);
  }

  readonly #look = (): void => {
    const sent = this.#sent;
    if (sent === null || this.gl.isContextLost()) return;
    const status: unknown = this.gl.getSyncParameter(sent.sync, this.gl.SYNC_STATUS);
    if (status !== this.gl.SIGNALED) {
      this.#poll = setTimeout(this.#look, POLL_MS);
      return;
    }
    this.gl.deleteSync(sent.sync);
    this.#sent = null;
    sent.tell(performance.now() - sent.at);
    // What is added at rest goes to a layer, which no refresh of the screen needs to be waited for.
    if (this.#progress !== null && this.#changed === "no" && this.#timer === 0) this.#tick();
    else this.#schedule();
  };

  readonly #onLost = (event: Event): void => {
    // Says that we can go on once it is restored.
    event.preventDefault();
    this.#gpu = null;
    this.#sent = null;
    this.events.lost();
  };

  readonly #onRestored = (): void => {
    this.#stale = { ...ALL };
    this.events.restored();
    this.request();
  };
}
