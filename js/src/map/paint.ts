import type { Camera } from "./camera";
import type { Overlay, Place } from "./overlay";

/** Room between a point and its ring. */
const RING_GAP_PX = 3.5;

/** Makes a canvas as large as the view, in its pixels, and empties it. */
export function clearScaled(context: CanvasRenderingContext2D, { width, height }: Camera): void {
  const { canvas } = context;
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
}

/** What a canvas takes as a font. */
export function fontOf(family: string, size: number, bold: boolean): string {
  return `${bold ? 600 : 400} ${size}px ${family}`;
}

/** The font that a view's texts have. */
export function familyOf(element: HTMLElement): string {
  return getComputedStyle(element).fontFamily || "sans-serif";
}

/** A ring about a point. */
export function drawRing(
  context: CanvasRenderingContext2D,
  { camera, inks, pointSize }: Pick<Overlay, "camera" | "inks" | "pointSize">,
  [dataX, dataY, grown]: Place,
  width: number,
  color: string,
): void {
  const [x, y] = camera.toScreen(dataX, dataY);
  const radius = (pointSize * grown) / 2 + RING_GAP_PX;
  if (x < -radius || y < -radius || x > camera.width + radius || y > camera.height + radius) return;
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  strokeTwice(context, width, color, inks.ground);
}

/** Draws the present path upon a wider line in the ground's colour, which keeps it readable over any points. */
export function strokeTwice(
  context: CanvasRenderingContext2D,
  width: number,
  color: string,
  ground: string,
): void {
  for (const [line, ink] of [
    [2 * width, ground],
    [width, color],
  ] as const) {
    context.lineWidth = line;
    context.strokeStyle = ink;
    context.stroke();
  }
}
