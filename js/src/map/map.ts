import { effect } from "@preact/signals";
import { HostError, isCancelled, sentenceOf } from "../host/host";
import type { LensState, Mode } from "../host/protocol";
import { isSelected, type Points, type Store } from "../host/store";
import type { Coloring, Look, Tool, ViewState } from "../host/view";
import { type Bounds, Camera, FIT_MARGIN_PX } from "./camera";
import { Gestures, type GestureTarget } from "./gestures";
import { Glide } from "./glide";
import { lasso, nearest } from "./grid";
import { labelOf } from "./labels";
import { NameLayer } from "./name-layer";
import { passesOf } from "./order";
import { Overlay, type Place, type Vertex } from "./overlay";
import { familyOf } from "./paint";
import { paletteTexture } from "./palette";
import { NO_MAP, NO_POINTS, NO_WEBGL, Parts, STOPPED, UNREAD } from "./parts";
import { savePicture } from "./picture";
import { boundsOf, dataOf, placesOf, selectedBounds } from "./places";
import { quantumOf, Refinement, stepOf } from "./refine";
import type { Renderer } from "./renderer";
import { combine, type Flags, flagsOf, outlinesOf } from "./selection";
import { LARGEST, sizeFactor, sizesOf } from "./sizing";
import { Surface } from "./surface";
import { Tooltip } from "./tooltip";

/** The pointer finds a point within this distance of its edge. */
const REACH_PX = 5;
/** The view counts as at rest so long after the last movement. */
const REST_MS = 80;

/** The map: points of a lens in a DOM element. It follows the store and the view, and owns no state of the selection. */
export class MapView implements GestureTarget {
  readonly #parts: Parts;
  readonly #camera = new Camera();
  readonly #glide = new Glide(this.#camera, () => this.#moved());
  readonly #overlay: Overlay;
  readonly #names: NameLayer;
  readonly #tooltip: Tooltip;
  readonly #gestures: Gestures;
  readonly #surface: Surface;
  readonly #refinement: Refinement;
  readonly #resized: ResizeObserver;
  readonly #disposers: (() => void)[];
  #points: Points | null = null;
  #bounds: Bounds = { x0: 0, y0: 0, x1: 1, y1: 1 };
  #asked: string | null = null;
  #coloring: Coloring | null = null;
  #palette: { texture: Uint8Array; dark: boolean } = { texture: paletteTexture(null, false), dark: false };
  #flags: Flags = { bits: null, count: 0 };
  #colored = false;
  /** A byte a point, as `sizesOf` has it; null where all are of one size. */
  #sizes: Uint8Array | null = null;
  #sizing: Coloring | null = null;
  /** True while the view shows all: then it goes on doing so when its size changes. */
  #fitted = true;
  #destroyed = false;
  #refused = false;
  #pointer: Vertex | null = null;
  #own: number | null = null;
  #hoverTimer = 0;
  #restTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    el: HTMLElement,
    readonly view: ViewState,
  ) {
    this.#parts = new Parts(el);
    const { root, stage, surface } = this.#parts;
    this.#overlay = new Overlay(surface, this.#camera);
    this.#names = new NameLayer(this.#parts.names, this.#camera, view);
    this.#tooltip = new Tooltip(root, view.store.host);
    this.#gestures = new Gestures(surface, this);
    this.#surface = new Surface(stage, this.#camera, {
      ready: (renderer) => this.#fill(renderer),
      rested: (drawn) => this.#rested(drawn),
      refused: () => {
        this.#refused = true;
        this.#say("");
        this.#parts.names.remove(); // names of what isn't there
        root.dispatchEvent(new Event("dl-refused", { bubbles: true }));
      },
    });
    this.#refinement = new Refinement(view.store.host, this.#camera, () => this.#refined());
    this.#resized = new ResizeObserver(() => this.#resize());
    this.#resized.observe(root);
    this.#resize();
    this.#disposers = this.#follow(view.store);
  }

  destroy(): void {
    this.#destroyed = true;
    this.#refinement.drop();
    for (const dispose of this.#disposers) dispose();
    this.#setHovered(null);
    clearTimeout(this.#restTimer);
    cancelAnimationFrame(this.#hoverTimer);
    this.#glide.stop();
    this.#resized.disconnect();
    this.#gestures.destroy();
    this.#tooltip.destroy();
    this.#names.destroy();
    this.#overlay.destroy();
    this.#surface.destroy();
    this.#parts.destroy();
  }

  /** Shows all points. */
  fit(): void {
    this.#glide.to(this.#camera.fitted(this.#bounds));
    this.#fitted = true;
  }

  /** Shows what is selected; all where everything is. */
  fitSelection(): void {
    const points = this.#points;
    const bounds = points === null ? null : selectedBounds(points, this.#flags, this.#bounds);
    this.#glide.to(this.#camera.fitted(bounds ?? this.#bounds, bounds === null ? FIT_MARGIN_PX : 48));
    this.#fitted = bounds === null;
  }

  /** Zooms about the middle. */
  zoomBy(factor: number): void {
    const { width, height, pose } = this.#camera;
    this.#camera.zoomAt(factor, width / 2, height / 2);
    const to = this.#camera.pose;
    this.#camera.pose = pose;
    this.#fitted = false;
    this.#glide.to(to);
  }

  /** Saves what is seen, with names and legend, as a picture of `scale` pixels for one of the screen's. */
  async savePicture(scale: number): Promise<void> {
    const { store, coloring, dark } = this.view;
    const state = store.state.peek();
    if (state === null) return;
    const shot = {
      state,
      coloring: this.#coloring === null ? null : coloring.peek(),
      dark: dark.peek(),
      inks: this.#overlay.inks,
      family: familyOf(this.#parts.root),
      camera: this.#camera,
      names: this.#names,
      fill: (renderer: Renderer) => this.#fill(renderer),
    };
    try {
      await savePicture(shot, scale);
    } catch (error) {
      store.problem.value = sentenceOf(error);
    }
  }

  /** Where a row is drawn, in CSS pixels of the map; null where it has no coordinates. */
  screenOf(ordinal: number): { x: number; y: number } | null {
    const place = this.#placeOf(ordinal);
    if (place === null) return null;
    const [x, y] = this.#camera.toScreen(place[0], place[1]);
    return { x, y };
  }

  // What gestures do.

  tool(): Tool {
    return this.view.tool.peek();
  }

  setTool(tool: Tool): void {
    this.view.tool.value = tool;
  }

  panBy(dx: number, dy: number): void {
    this.#glide.stop();
    this.#fitted = false;
    this.#camera.panBy(dx, dy);
    this.#moved();
  }

  zoomAt(factor: number, px: number, py: number): void {
    this.#glide.stop();
    this.#fitted = false;
    this.#camera.zoomAt(factor, px, py);
    this.#moved();
  }

  hover(place: Vertex | null): void {
    this.#pointer = place;
    if (place === null) this.#setHovered(null);
    else if (this.#hoverTimer === 0) {
      this.#hoverTimer = requestAnimationFrame(() => {
        this.#hoverTimer = 0;
        if (this.#pointer !== null) this.#setHovered(this.#hit(...this.#pointer));
      });
    }
  }

  click(px: number, py: number): void {
    const place = this.#hit(px, py);
    const ordinal = place === null ? undefined : this.#points?.order[place];
    if (ordinal !== undefined) this.view.store.focus(ordinal);
  }

  drawing(path: Vertex[] | null, mode: Mode): void {
    this.#overlay.marks.drawing =
      path === null ? null : { path: path.map((at) => this.#camera.toData(...at)), mode };
    this.#overlay.request();
  }

  drawn(path: Vertex[], mode: Mode): void {
    const { store } = this.view;
    const state = store.state.peek();
    const points = this.#points;
    if (points === null || state === null || state.map === null) return;
    // A map that is being replaced: the polygon would be about columns it wasn't drawn on.
    if (points.version !== state.map.version) return;
    const polygon = path.map((at) => this.#camera.toData(...at));
    const hasClause = state.selection.clauses.some((clause) => clause.source === "map");
    this.#setFlags(combine(this.#flags, lasso(points, polygon, this.#refinement.rests), mode, hasClause));
    this.#overlay.marks.outlines = [polygon];
    this.#overlay.request();
    store.setClause("map", { op: "inside", x: state.map.x, y: state.map.y, polygon }, mode);
  }

  clear(): boolean {
    const { store } = this.view;
    if (!store.state.peek()?.selection.clauses.some((clause) => clause.source === "map")) return false;
    store.setClause("map", null);
    return true;
  }

  passed(): void {
    if (this.#points !== null) this.#parts.hintWheel();
  }

  touched(): void {
    this.#parts.endHint();
    this.#surface.wake(true);
  }

  // What the map follows.

  #follow(store: Store): (() => void)[] {
    return [
      effect(() => this.#onState(store.state.value)),
      effect(() => {
        const mask = store.mask.value;
        // A gesture that failed: what was shown in advance goes back to what the kernel holds.
        store.problem.value;
        if (this.#points !== null) this.#setFlags(flagsOf(this.#points, mask));
      }),
      effect(() => this.#markFocused(store.state.value)),
      effect(() => this.#markNear(store.near.value)),
      effect(() => this.#onHovered(store.hovered.value)),
      effect(() => this.#onColoring(this.view.coloring.value, this.view.color.value, this.view.dark.value)),
      effect(() => this.#onLook(this.view.sizing.value, this.view.look.value)),
      effect(() => {
        this.#parts.surface.dataset.tool = this.view.tool.value;
      }),
    ];
  }

  #onState(state: LensState | null): void {
    if (state === null) return;
    this.#parts.tellMissing(state.map === null ? 0 : state.rows - state.map.placed);
    this.#overlay.marks.outlines = outlinesOf(state);
    this.#overlay.request();
    this.#limitZoom(); // what was saved has 16 bits an axis and no more
    if (state.map === null) {
      this.#setPoints(null);
      this.#say(NO_MAP);
    } else if (state.map.version !== this.#asked) {
      this.#asked = state.map.version;
      void this.#load(state.map.version);
    }
  }

  async #load(version: string): Promise<void> {
    let points: Points;
    try {
      points = await this.view.store.points();
    } catch (error) {
      if (this.#destroyed || this.#asked !== version) return;
      this.#asked = null;
      const isStopped = isCancelled(error);
      this.#say(isStopped ? STOPPED : error instanceof HostError ? error.message : UNREAD);
      return;
    }
    // A still newer map has been asked for meanwhile, or the answer was already that.
    if (this.#destroyed || this.#asked === null) return;
    this.#asked = points.version;
    this.#setPoints(points);
    this.#say(points.n === 0 ? NO_POINTS : "");
  }

  #setPoints(points: Points | null): void {
    if (points === null) this.#asked = null;
    if (points === this.#points) return;
    this.#points = points;
    delete this.#parts.surface.dataset.ready;
    this.#refinement.drop();
    if (points !== null) {
      this.#bounds = boundsOf(points);
      this.#limitZoom();
      this.#glide.stop();
      this.#camera.fit(this.#bounds);
      this.#fitted = true;
    }
    const { store, coloring, sizing, look, color, dark } = this.view;
    this.#setHovered(null);
    this.#flags = points === null ? { bits: null, count: 0 } : flagsOf(points, store.mask.peek());
    this.#coloring = null;
    this.#readColoring(coloring.peek(), color.peek(), dark.peek());
    this.#sizing = null;
    this.#onLook(sizing.peek(), look.peek());
    this.#markNear(store.near.peek());
    this.#names.setPoints(points);
    this.#names.setFlags(this.#flags.bits);
    this.#surface.change((renderer) => this.#fill(renderer));
    this.#moved();
  }

  #limitZoom(): void {
    if (this.#points === null) return;
    const quantum = quantumOf(this.#points, this.#bounds, this.view.store.host.can("refine"));
    this.#camera.setExtent(this.#bounds, quantum);
  }

  #setFlags(flags: Flags): void {
    this.#flags = flags;
    this.#names.setFlags(flags.bits);
    this.#surface.change((renderer) => renderer.setFlags(flags.bits));
    this.#onLook(this.#sizing, this.view.look.peek());
  }

  #onColoring(coloring: Coloring | null, color: string | null, dark: boolean): void {
    const before = this.#coloring?.codes ?? null;
    this.#readColoring(coloring, color, dark);
    const codes = this.#coloring?.codes ?? null;
    this.#surface.change((renderer) => {
      if (codes !== before) renderer.setCodes(codes);
      renderer.setPalette(this.#palette.texture, dark);
      this.#setLook(renderer);
    });
    this.#readInks();
  }

  #markFocused(state: LensState | null): void {
    this.#overlay.marks.focused = this.#placeOf(state?.focus?.ordinal ?? null);
    this.#overlay.request();
  }

  /** Points are drawn where they exactly are, or no longer: what marks them follows. */
  #refined(): void {
    if (this.#destroyed) return;
    const { hovered, near, state } = this.view.store;
    this.#surface.change((renderer) => renderer.setRests(this.#refinement.rests));
    this.#markFocused(state.peek());
    this.#markNear(near.peek());
    this.#onHovered(hovered.peek());
  }

  #markNear(ordinals: readonly number[]): void {
    const points = this.#points;
    const places = points === null ? [] : placesOf(points, ordinals);
    this.#names.near = places.map((place) => this.#drawnAt(points as Points, place));
    this.#names.request();
  }

  /** Takes the colouring if it is of these points; until then the last one stays. */
  #readColoring(coloring: Coloring | null, color: string | null, dark: boolean): void {
    const fits = coloring?.result.points === this.#points?.version;
    if (color === null) this.#coloring = null;
    else if (coloring !== null && fits) this.#coloring = coloring;
    this.#colored = color === null || (fits && coloring?.result.column === color);
    this.#palette = { texture: paletteTexture(this.#coloring?.result ?? null, dark), dark };
  }

  /** Follows how the map is to look; sizes are taken if they are of these points. */
  #onLook(sizing: Coloring | null, { contours }: Look): void {
    if (sizing !== this.#sizing) {
      const fits =
        sizing?.result.points === this.#points?.version && sizing?.codes.length === this.#points?.n;
      this.#sizes = sizing && fits ? sizesOf(sizing) : null;
      this.#sizing = sizing;
    }
    this.#surface.change((renderer) => this.#setLook(renderer));
    this.#overlay.marks.focused = this.#placeOf(this.view.store.state.peek()?.focus?.ordinal ?? null);
    this.#overlay.request();
    this.#names.contours.show(contours ? this.#points : null, this.#flags.bits);
    this.#names.request();
  }

  #onHovered(ordinal: number | null): void {
    const place = this.#placeOf(ordinal);
    this.#overlay.marks.hovered = place;
    this.#overlay.request();
    if (ordinal === null || place === null || ordinal !== this.#own) {
      this.#tooltip.hide();
      return;
    }
    const code = this.#coloring?.codes[ordinal];
    const label =
      this.#coloring === null || code === undefined
        ? null
        : labelOf(this.#coloring.result, code, this.view.dark.peek());
    this.#tooltip.show(ordinal, this.#camera.toScreen(place[0], place[1]), label);
  }

  #setHovered(place: number | null): void {
    const ordinal = place === null ? null : (this.#points?.order[place] ?? null);
    const before = this.#own;
    this.#own = ordinal;
    this.#parts.surface.dataset.over = ordinal === null ? "false" : "true";
    const { hovered } = this.view.store;
    // Another view's row stays; only what this map pointed out is taken back.
    if (ordinal !== null || hovered.peek() === before) hovered.value = ordinal;
  }

  // What it draws.

  /** Gives a new renderer everything. */
  #fill(renderer: Renderer): void {
    renderer.setPoints(this.#points);
    renderer.setCodes(this.#coloring?.codes ?? null);
    renderer.setFlags(this.#flags.bits);
    renderer.setRests(this.#refinement.rests);
    renderer.setPalette(this.#palette.texture, this.#palette.dark);
    this.#setLook(renderer);
    this.#readInks();
  }

  #setLook(renderer: Renderer): void {
    const look = this.view.look.peek();
    renderer.setLook(look, passesOf(this.#coloring?.result, look.order), this.#sizes);
  }

  #readInks(): void {
    this.#overlay.readInks();
    this.#names.inks = this.#overlay.inks;
    this.#names.request();
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#parts.root;
    if (clientWidth === 0 || clientHeight === 0) return;
    this.#camera.resize(clientWidth, clientHeight);
    if (this.#fitted) this.#camera.fit(this.#bounds);
    this.#moved();
  }

  #moved(): void {
    if (this.#destroyed) return;
    this.#surface.renderer?.request();
    this.#overlay.request();
    this.#names.request();
    this.#tooltip.hide();
    clearTimeout(this.#restTimer);
    this.#restTimer = setTimeout(() => {
      this.#tellCamera();
      if (this.#points) this.#refinement.look(this.#points, stepOf(this.#points, this.#bounds));
    }, REST_MS);
  }

  #rested(drawn: number): void {
    const size = this.#surface.renderer?.diameter ?? 4;
    if (size !== this.#overlay.pointSize) this.#names.request();
    this.#overlay.pointSize = size;
    this.#names.pointSize = size;
    this.#overlay.request();
    this.#tellCamera();
    this.#parts.surface.dataset.points = String(drawn);
    if (this.view.store.state.peek()?.map === null) this.#surface.settle(); // there is nothing to draw
    if (this.#colored && this.#points !== null) {
      this.#surface.settle();
      if (!this.#parts.surface.dataset.ready) performance.mark("datalens:drawn"); // read by benchmarks
      this.#parts.surface.dataset.ready = "true";
    }
  }

  #tellCamera(): void {
    const { cx, cy, scale, width, height } = this.#camera;
    this.#parts.surface.dataset.camera = JSON.stringify({ cx, cy, scale, width, height });
  }

  #say(message: string): void {
    this.#parts.say(this.#refused ? NO_WEBGL : message);
  }

  #hit(px: number, py: number): number | null {
    const points = this.#points;
    if (points === null) return null;
    const largest = this.#sizes ? LARGEST : 1;
    const reach = (REACH_PX + ((this.#surface.renderer?.diameter ?? 4) / 2) * largest) / this.#camera.scale;
    const { bits } = this.#flags;
    const prefer = (place: number) => isSelected(bits, place);
    const place = nearest(points, ...this.#camera.toData(px, py), reach, prefer, this.#refinement.rests);
    return place < 0 ? null : place;
  }

  /** Data coordinates of a row; null where it is not on the map. */
  #placeOf(ordinal: number | null): Place | null {
    const points = this.#points;
    if (points === null || ordinal === null) return null;
    const place = points.placeOf(ordinal);
    return place < 0 ? null : this.#drawnAt(points, place);
  }

  /** Data coordinates, and how many times as large as a plain one it is. */
  #drawnAt(points: Points, place: number): Place {
    const at = dataOf(points, place, this.#refinement.rests);
    return [...at, sizeFactor(this.#sizes?.[points.order[place] as number])];
  }
}
