import type { Camera, Pose } from "./camera";

/** Long enough to see where one goes, short enough never to be waited for. */
const DURATION_MS = 260;

/** Moves a camera smoothly to a pose; where the person wants no motion, at once. */
export class Glide {
  #timer = 0;

  constructor(
    readonly camera: Camera,
    readonly moved: () => void,
  ) {}

  to(pose: Pose): void {
    this.stop();
    const from = this.camera.pose;
    if (window.matchMedia?.("(prefers-reduced-motion: reduce)").matches) {
      this.camera.pose = pose;
      this.moved();
      return;
    }
    const start = performance.now();
    const step = (now: number) => {
      const t = Math.min(1, Math.max(0, (now - start) / DURATION_MS));
      this.camera.pose = t >= 1 ? pose : between(from, pose, 1 - (1 - t) ** 3);
      this.#timer = t >= 1 ? 0 : requestAnimationFrame(step);
      this.moved();
    };
    this.#timer = requestAnimationFrame(step);
  }

  stop(): void {
    cancelAnimationFrame(this.#timer);
    this.#timer = 0;
  }
}

/** Scale grows evenly by ratio, and one point of the view stands still meanwhile, as in zooming about it. */
export function between(from: Pose, to: Pose, t: number): Pose {
  const scale = from.scale * (to.scale / from.scale) ** t;
  const change = 1 / to.scale - 1 / from.scale;
  const share = Math.abs(to.scale / from.scale - 1) < 1e-6 ? t : (1 / scale - 1 / from.scale) / change;
  return { cx: from.cx + (to.cx - from.cx) * share, cy: from.cy + (to.cy - from.cy) * share, scale };
}
