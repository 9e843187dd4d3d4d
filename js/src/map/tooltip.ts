import type { Host } from "../host/host";

/** A line or three: more belongs into the reader. */
const TEXT_MAX = 240;
/** A pointer that only passes by asks for nothing. */
const DEBOUNCE_MS = 60;
/** Texts that are kept; about a hundred kilobytes. */
const KEPT = 400;
const GAP_PX = 14;

export interface TipLabel {
  color: string;
  text: string;
}

/** The hovered sample in a few words. Texts come from the host when they come; the map never waits for them. */
export class Tooltip {
  readonly element: HTMLElement;
  readonly #text: HTMLElement;
  readonly #label: HTMLElement;
  readonly #swatch: HTMLElement;
  readonly #value: HTMLElement;
  readonly #texts = new Map<number, string>();
  #ordinal: number | null = null;
  #place: [number, number] = [0, 0];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | null = null;

  constructor(
    readonly parent: HTMLElement,
    readonly host: Host,
  ) {
    this.element = child(parent, "div", "dl-map-tip");
    this.element.setAttribute("role", "tooltip");
    this.element.hidden = true;
    this.#text = child(this.element, "div", "dl-map-tip-text");
    this.#label = child(this.element, "div", "dl-map-tip-label");
    this.#swatch = child(this.#label, "span", "dl-map-tip-swatch");
    this.#value = child(this.#label, "span", "dl-map-tip-value");
  }

  /** Shows a row at a place of the view (CSS pixels), at once as far as it is known. */
  show(ordinal: number, place: [number, number], label: TipLabel | null): void {
    this.#place = place;
    if (ordinal !== this.#ordinal) {
      this.#stop();
      this.#ordinal = ordinal;
      const known = this.#texts.get(ordinal);
      if (known === undefined) this.#timer = setTimeout(() => void this.#ask(ordinal), DEBOUNCE_MS);
      this.#text.textContent = known ?? "";
    }
    this.#label.hidden = label === null;
    this.#swatch.style.background = label?.color ?? "";
    this.#value.textContent = label?.text ?? "";
    this.#lay();
  }

  hide(): void {
    if (this.#ordinal === null) return;
    this.#stop();
    this.#ordinal = null;
    this.element.hidden = true;
  }

  /** Values have changed. */
  forget(): void {
    this.#texts.clear();
  }

  destroy(): void {
    this.#stop();
    this.element.remove();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#request = null;
  }

  async #ask(ordinal: number): Promise<void> {
    if (!this.host.can("snippet")) return;
    const request = new AbortController();
    this.#request = request;
    let text: string;
    try {
      const { result } = await this.host.ask("snippet", { ordinals: [ordinal] }, { signal: request.signal });
      text = clip(result.texts[0] ?? result.keys[0] ?? "");
    } catch {
      // Cancelled or refused: the tooltip goes without; the host's own errors are told elsewhere.
      return;
    }
    if (this.#texts.size >= KEPT) this.#texts.clear();
    this.#texts.set(ordinal, text);
    if (this.#ordinal !== ordinal) return;
    this.#text.textContent = text;
    this.#lay();
  }

  /** Beside the point, on the side with room, never out of the view. */
  #lay(): void {
    const { element, parent } = this;
    const empty = this.#text.textContent === "" && this.#label.hidden;
    element.hidden = empty;
    if (empty) return;
    this.#text.hidden = this.#text.textContent === "";
    const [x, y] = this.#place;
    const { clientWidth: width, clientHeight: height } = parent;
    const { offsetWidth: w, offsetHeight: h } = element;
    const right = x + GAP_PX + w <= width - 4;
    const left = right ? x + GAP_PX : Math.max(4, x - GAP_PX - w);
    const top = Math.min(Math.max(4, y - h / 2), Math.max(4, height - h - 4));
    element.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

/** On one line, as white space says nothing here. */
export function clip(text: string): string {
  const flat = text.replace(/\s+/gu, " ").trim();
  if (flat.length <= TEXT_MAX) return flat;
  // Not through the middle of a character of two units.
  return `${Array.from(flat.slice(0, TEXT_MAX)).slice(0, -1).join("")}…`;
}

export function child<K extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  tag: K,
  className: string,
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  parent.append(element);
  return element;
}
