// DataLens among the pages that benchmarks/map.py measures; benchmarks/peers/map/harness.js says what each has to do.
// The answers are the kernel's own, as recorded bytes: all that a view does with them is part of what is measured.

import { type Answer, type Host, HostError } from "../../../src/host/host";
import { LensStore } from "../../../src/host/lens-store";
import { createView } from "../../../src/host/lens-view";
import type { ArrayInfo, Verb } from "../../../src/host/protocol";
import type { ViewState } from "../../../src/host/view";
import { Assembly } from "../../../src/host/wire";
import { GpuMap } from "../../../src/map/gpu-map";
import { MapView } from "../../../src/map/map";
import css from "../../../src/map/map.css";
import { Pace } from "../../../src/map/pace";
import { Renderer } from "../../../src/map/renderer";

/** What the kernel answered to a verb: JSON, and its bytes in the parts in which they travel. */
interface Recorded {
  result: never;
  infos: ArrayInfo[];
  parts: Uint8Array[];
}

/** What a moving map shows: as many points as this machine can; or all of them, straight to the screen or as at rest. */
type Shown = "moving" | "direct" | "whole";

let shown: Shown = "moving";
let style = { diameter: 0, alpha: 0 };
let flagsAt = 0;
let view: ViewState;
let map: MapView;

// A machine to which no number of points is too many.
const pace = Object.getOwnPropertyDescriptors(Pace.prototype);
for (const name of ["moving", "batch"] as const) {
  const { get } = pace[name];
  Object.defineProperty(Pace.prototype, name, {
    get(this: Pace) {
      return shown === "moving" ? get?.call(this) : Number.POSITIVE_INFINITY;
    },
  });
}
Pace.prototype.fits = function (n) {
  return shown === "moving" ? pace.fits.value?.call(this, n) === true : shown === "whole";
};

// Peers draw points of the same size and opacity.
const { accumulate } = GpuMap.prototype;
GpuMap.prototype.accumulate = function (...args) {
  const [, , { diameter, alpha }] = args;
  style = { diameter, alpha };
  accumulate.apply(this, args);
};

const { setFlags } = Renderer.prototype;
Renderer.prototype.setFlags = function (flags) {
  setFlags.call(this, flags);
  if (flags !== null) flagsAt = performance.now();
};

class RecordedHost implements Host {
  constructor(readonly recorded: Map<string, Recorded>) {}

  can(): boolean {
    return true;
  }

  ask<V extends Verb>(verb: V): Promise<Answer<V>> {
    const found = this.recorded.get(verb);
    // Unanswered: what the kernel takes for a gesture is not measured here.
    if (found === undefined) return new Promise(() => {});
    this.recorded.delete(verb);
    const { result, infos, parts } = found;
    if (parts.length === 0) return Promise.resolve({ result, arrays: {}, revision: 1 });
    const whole = new Assembly();
    for (const [k, part] of parts.entries()) whole.add(k, parts.length, k === 0 ? infos : undefined, [part]);
    parts.length = 0;
    return Promise.resolve({ result, arrays: whole.arrays(), revision: 1 });
  }

  listen(): void {}

  close(): void {}
}

function surface(): HTMLElement {
  const found = document.querySelector<HTMLElement>("[aria-label=Map]");
  if (found === null) throw new HostError("bench", "There is no map.");
  return found;
}

/** The next time that all there is has been drawn. */
function rested(): Promise<void> {
  return new Promise((done) => {
    const root = surface();
    const observer = new MutationObserver(() => {
      if (root.dataset.ready !== "true") return;
      observer.disconnect();
      done();
    });
    observer.observe(root, { attributeFilter: ["data-points"] });
  });
}

export const peer = {
  data: ["hello", "points", "color"],

  async open(el: HTMLElement, recorded: Map<string, Recorded>): Promise<void> {
    const sheet = document.createElement("style");
    sheet.textContent = css;
    document.head.append(sheet);
    const store = new LensStore(new RecordedHost(recorded), null);
    // Names are what the others don't have.
    view = createView(store, { names: false, color: "cluster", tool: "pan" }, () => {});
    map = new MapView(el, view);
    await rested();
  },

  style: () => style,

  /** Resolves once the frame has been given to the GPU. */
  async pan(dx: number, how: Shown = "whole"): Promise<void> {
    shown = how;
    map.panBy(dx, 0);
    await new Promise(requestAnimationFrame);
  },

  rest: rested,

  /** Resolves once the picture of a lasso, which is to be drawn by hand, is whole: with the time of its flags. */
  lasso(): Promise<{ flags: number }> {
    shown = "moving";
    view.tool.value = "lasso";
    const settle = (done: (at: { flags: number }) => void) => rested().then(() => done({ flags: flagsAt }));
    return new Promise((done) => {
      addEventListener("pointerup", () => void settle(done), { once: true, capture: true });
    });
  },
};
