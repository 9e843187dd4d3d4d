import type { LensState } from "../host/protocol";
import type { Coloring } from "../host/view";
import { count } from "../styles/format";
import { Camera } from "./camera";
import type { NameLayer } from "./name-layer";
import { shortened } from "./names";
import type { Inks } from "./overlay";
import { missingColor, ramp, valueColor } from "./palette";
import { Renderer } from "./renderer";

/** What a picture is made of. */
export interface Shot {
  state: LensState;
  coloring: Coloring | null;
  dark: boolean;
  inks: Inks;
  /** The view's font. */
  family: string;
  camera: Camera;
  names: NameLayer;
  /** Gives a renderer all that the map draws. */
  fill: (renderer: Renderer) => void;
}

/** Drawn in tiles of so many pixels a side, so that no size asks for more than a GPU has. */
const TILE_PX = 2048;
/** Tiles overlap by the radius of the largest points: a point is drawn where its middle is. */
const SEAM = 40;
const HEAD = 34;
const LEGEND = 200;
const MARGIN = 12;
const ROW = 20;
const TOO_LARGE = "This browser can't draw the picture: it has no WebGL2, or the picture is too large.";

/** Saves the map as it is seen, with title, names and legend, in `scale` pixels for one of the screen's. */
export async function savePicture(shot: Shot, scale: number): Promise<void> {
  const { camera, inks, coloring, state } = shot;
  const { width, height } = camera;
  const canvas = document.createElement("canvas");
  canvas.width = (width + (coloring ? LEGEND : 0)) * scale;
  canvas.height = (height + HEAD) * scale;
  const context = canvas.getContext("2d");
  if (!context) throw new Error(TOO_LARGE);
  context.scale(scale, scale);
  context.fillStyle = inks.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.translate(0, HEAD);
  await drawTiles(shot, scale, context);
  context.save();
  context.beginPath();
  context.rect(0, 0, width, height);
  context.clip();
  shot.names.draw(context, camera);
  context.restore();
  drawWords(shot, context);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done));
  if (!blob) throw new Error(TOO_LARGE);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${state.title.replace(/[\\/:*?"<>|\p{Cc}]/gu, " ")}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** With a renderer of its own, so that the view goes on undisturbed. */
async function drawTiles({ camera, fill }: Shot, scale: number, to: CanvasRenderingContext2D): Promise<void> {
  const eye = new Camera();
  let done = () => {};
  let fail = done;
  const events = { rested: () => done(), lost: () => fail(), restored: done };
  const renderer = Renderer.create(document.createElement("canvas"), eye, events, undefined, scale);
  if (!renderer) throw new Error(TOO_LARGE);
  try {
    fill(renderer);
    const side = Math.floor(TILE_PX / scale);
    for (let top = 0; top < camera.height; top += side) {
      for (let left = 0; left < camera.width; left += side) {
        const width = Math.min(side, camera.width - left);
        const height = Math.min(side, camera.height - top);
        eye.resize(width + 2 * SEAM, height + 2 * SEAM);
        eye.scale = camera.scale;
        [eye.cx, eye.cy] = camera.toData(left + width / 2, top + height / 2);
        await new Promise<void>((resolve, reject) => {
          done = resolve;
          fail = () => reject(new Error(TOO_LARGE));
          renderer.request();
        });
        const parts = [SEAM, SEAM, width, height].map((size) => size * scale) as [
          number,
          number,
          number,
          number,
        ];
        to.drawImage(renderer.canvas, ...parts, left, top, width, height);
      }
    }
  } finally {
    renderer.destroy();
  }
}

/** Title and legend. */
function drawWords(
  { state, coloring, dark, inks, family, camera }: Shot,
  to: CanvasRenderingContext2D,
): void {
  const write = (
    text: string,
    x: number,
    y: number,
    strong = true,
    align: CanvasTextAlign = "left",
    most?: number,
  ) => {
    to.textAlign = align;
    to.fillStyle = strong ? inks.text : inks.muted;
    to.fillText(text, x, y, most);
  };
  to.textBaseline = "middle";
  to.font = `600 12px ${family}`;
  const { rows, title, selection } = state;
  write(shortened(title, 60), MARGIN, -HEAD / 2);
  const end = camera.width + LEGEND - MARGIN;
  const x = camera.width + 5;
  if (coloring) write(shortened(coloring.result.column), x, -HEAD / 2);
  to.font = `12px ${family}`;
  const said = selection.clauses.length ? `${count(selection.count)} of ` : "";
  write(`${said}${count(rows)} rows`, camera.width - MARGIN, -HEAD / 2, false, "right");
  if (!coloring) return;
  const { result } = coloring;
  let y = ROW / 2;
  const lines: [string, string, number][] = [];
  if (result.kind === "category") {
    for (const [i, value] of result.values.entries())
      lines.push([valueColor(value, i, dark), value.label || "(empty text)", value.count]);
    lines.push([missingColor("other", dark), "other", result.other.count]);
  } else {
    const { counts, labels, scale } = result;
    const most = Math.max(...counts) / 60;
    const step = (end - x) / counts.length;
    for (const [i, rows] of counts.entries()) {
      to.fillStyle = ramp(i / (counts.length - 1), dark, scale);
      to.fillRect(x + i * step, 60 - rows / most, step, 6 + rows / most);
    }
    // Of long moments two stand beside one another.
    write(labels[0], x, 80, false, "left", 90);
    write(labels[1], end, 80, false, "right", 90);
    write(scale, x, 100, false);
    y = 130;
  }
  lines.push([missingColor("null", dark), "null", result.nulls]);
  lines.push([missingColor("not computed", dark), "not computed", result.notComputed]);
  const all = lines.filter(([, , rows]) => rows);
  const room = Math.floor((camera.height - y) / ROW);
  const shown = all.slice(0, all.length > room ? room - 1 : room);
  for (const [ink, text, rows] of shown) {
    to.fillStyle = ink;
    to.beginPath();
    to.arc(x + 5, y, 5, 0, 7);
    to.fill();
    write(shortened(text, 22), x + 16, y);
    write(count(rows), end, y, false, "right");
    y += ROW;
  }
  if (shown.length < all.length) write(`and ${count(all.length - shown.length)} more`, x + 16, y, false);
}
