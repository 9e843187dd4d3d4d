import type { Camera } from "./camera";

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
