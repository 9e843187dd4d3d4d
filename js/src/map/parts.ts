import { child } from "./tooltip";

export const NO_MAP = "No coordinates yet: run lens.project()";
export const NO_POINTS = "No row has coordinates: every x or y is missing.";
export const NO_WEBGL =
  "The map can't be drawn: this browser has no WebGL2. Turn on hardware acceleration in its settings, or use " +
  "another browser. All else works without it; below is the kernel's picture.";
export const STOPPED = "Loading was stopped. Run the cell again to load the map.";
export const UNREAD = "The map's points could not be read.";
const KEYS =
  "Keys: V pan, L lasso, B box; shift, alt or both while drawing add, subtract or intersect; arrows move, " +
  "plus and minus zoom, Home shows all, M names, C contours, Escape clears the lasso. Double-click shows the selection.";
const HINT_MS = 1600;

/** The map's elements, from back to front, and what they say. */
export class Parts {
  readonly root: HTMLElement;
  readonly stage: HTMLElement;
  /** The topmost drawing surface: it has the focus, the gestures and the marks. */
  readonly surface: HTMLCanvasElement;
  readonly names: HTMLCanvasElement;
  readonly #note: HTMLElement;
  readonly #hint: HTMLElement;
  readonly #message: HTMLElement;
  #hintTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(el: HTMLElement) {
    this.root = child(el, "div", "dl-map");
    this.root.dataset.lmSuppressShortcuts = "true";
    this.stage = child(this.root, "div", "dl-map-stage");
    this.names = child(this.root, "canvas", "dl-map-names");
    this.surface = child(this.root, "canvas", "dl-map-surface");
    describe(this.surface, child(this.root, "span", "dl-map-keys"));
    this.#note = child(this.root, "div", "dl-map-note");
    this.#hint = child(this.root, "div", "dl-map-hint");
    this.#message = child(this.root, "div", "dl-map-message");
    this.#message.setAttribute("role", "status");
    this.say("");
    this.tellMissing(0);
  }

  /** In the middle, in place of the map; nothing takes it away. */
  say(message: string): void {
    this.#message.textContent = message;
    this.#message.hidden = message === "";
  }

  /** In a corner: rows that are not on the map. */
  tellMissing(rows: number): void {
    const verb = rows === 1 ? "row has" : "rows have";
    this.#note.textContent = rows > 0 ? `${rows.toLocaleString("en-US")} ${verb} no coordinates` : "";
    this.#note.hidden = rows <= 0;
  }

  /** For a moment: why the wheel didn't zoom. */
  hintWheel(): void {
    const mac = /mac|iphone|ipad/iu.test(navigator.userAgent);
    this.#hint.textContent = `Click the map to zoom with the wheel, or hold ${mac ? "⌘" : "Ctrl"}`;
    this.#hint.dataset.shown = "true";
    clearTimeout(this.#hintTimer);
    this.#hintTimer = setTimeout(() => this.endHint(), HINT_MS);
  }

  endHint(): void {
    clearTimeout(this.#hintTimer);
    delete this.#hint.dataset.shown;
  }

  destroy(): void {
    clearTimeout(this.#hintTimer);
    this.root.remove();
  }
}

function describe(surface: HTMLElement, keys: HTMLElement): void {
  surface.tabIndex = 0;
  surface.setAttribute("role", "application");
  surface.setAttribute("aria-label", "Map");
  surface.setAttribute("aria-roledescription", "scatter plot");
  surface.dataset.lmSuppressShortcuts = "true";
  keys.textContent = KEYS;
  keys.id = `dl-map-keys-${Math.random().toString(36).slice(2)}`;
  surface.setAttribute("aria-describedby", keys.id);
}
