import type { Camera } from "./camera";
import { claimContext, hasRoom, releaseContext, settleContext, type Tenant } from "./contexts";
import { Pace } from "./pace";
import { Renderer } from "./renderer";

export interface SurfaceEvents {
  /** A renderer is there and wants all its data. */
  ready(renderer: Renderer): void;
  rested(drawn: number): void;
  /** This browser can't draw the map. */
  refused(): void;
}

/**
 * The place where points are drawn: with a graphics context while it is seen, and with a picture of what was last drawn
 * while other maps need the context more.
 */
export class Surface implements Tenant {
  seen = 0;
  visible = false;
  settled = false;
  renderer: Renderer | null = null;
  #shown: HTMLCanvasElement | null = null;
  #observer: IntersectionObserver | null = null;
  #pace = new Pace();
  #refused = false;
  /** What is shown is not, or no longer, what there is to show. */
  #stale = true;

  constructor(
    readonly parent: HTMLElement,
    readonly camera: Camera,
    readonly events: SurfaceEvents,
  ) {
    if (typeof IntersectionObserver === "undefined") {
      this.visible = true;
      return;
    }
    this.#observer = new IntersectionObserver((entries) => {
      this.visible = entries.at(-1)?.isIntersecting ?? false;
      this.seen = performance.now();
      // When more maps are in view than there are contexts, those in view would take them from one another forever:
      // then only a touch does.
      if (this.visible && (this.#stale || hasRoom())) this.wake();
    });
    this.#observer.observe(parent);
  }

  /** Makes sure that there is a context: the map is seen, or touched, which is `urgent`. */
  wake(urgent = false): void {
    if (this.#refused || !claimContext(this, urgent)) return;
    if (this.renderer !== null) return;
    const canvas = document.createElement("canvas");
    canvas.className = "dl-map-points";
    canvas.setAttribute("aria-hidden", "true");
    const renderer = Renderer.create(
      canvas,
      this.camera,
      {
        rested: (drawn) => {
          // The picture goes only now that there is something to see in its place.
          if (this.#shown !== canvas) this.#shown?.remove();
          this.#shown = canvas;
          this.events.rested(drawn);
        },
        lost: () => {},
        restored: () => {},
      },
      this.#pace,
    );
    if (renderer === null) {
      releaseContext(this);
      this.#refused = true;
      this.events.refused();
      return;
    }
    this.renderer = renderer;
    this.parent.append(canvas);
    this.events.ready(renderer);
  }

  /** Changes what is drawn; a map that is but a picture now asks to be drawn anew. */
  change(apply: (renderer: Renderer) => void): void {
    this.#stale = true;
    this.settled = false;
    if (this.renderer !== null) apply(this.renderer);
    else if (this.visible) this.wake();
  }

  /** All there is to show has been drawn. */
  settle(): void {
    this.#stale = false;
    if (!this.settled) settleContext(this);
  }

  evict(): void {
    const renderer = this.renderer;
    if (renderer === null) return;
    this.renderer = null;
    const picture = renderer.picture();
    picture.className = "dl-map-points";
    picture.setAttribute("aria-hidden", "true");
    renderer.canvas.replaceWith(picture);
    if (this.#shown !== renderer.canvas) this.#shown?.remove();
    this.#shown = picture;
    renderer.destroy();
  }

  destroy(): void {
    this.#observer?.disconnect();
    releaseContext(this);
    this.renderer?.destroy();
    this.renderer = null;
  }
}
