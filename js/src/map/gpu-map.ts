import { isSelected, type Points } from "../host/store";
import { Buffer, buildProgram, grainOf, Layer, type Program, unfiltered } from "./gpu";
import { RESTS_WIDTH, type Rests } from "./grid";
import { POINT_FRAGMENT, POINT_VERTEX, RESOLVE_FRAGMENT, SCREEN_VERTEX } from "./shaders";
import { LARGEST, PLAIN_SIZE } from "./sizing";
import type { Style } from "./style";

const PLACE = 0;
const CODE = 1;
const FLAG = 2;
const SIZE = 3;

/** Where a frame looks, in coordinate steps and device pixels. */
export interface Frame {
  width: number;
  height: number;
  /** Steps of a coordinate (0 .. 65535) at the middle of the view. */
  centre: [number, number];
  /** Device pixels for one step, per axis. */
  perStep: [number, number];
  /** Device pixels for one CSS pixel. */
  ratio: number;
}

/** An evenly spread part of the points: every `of`-th from `part` on, of these ranges of places. */
export interface Part {
  part: number;
  of: number;
  runs: number[];
}

export interface Tone {
  style: Style;
  /** How much of the points still is to come: depth is scaled up by it. */
  gain: number;
  strength: number;
}

/** A colour for all points instead of their own, and their opacity. */
export interface Tint {
  color: readonly [number, number, number];
  strength: number;
}

/** All that the map holds on the GPU. Built with a context and lost with it; the renderer fills it again. */
export class GpuMap {
  readonly #points: Program;
  readonly #resolve: Program;
  readonly #places: Buffer;
  readonly #codes: Buffer;
  readonly #flags: Buffer;
  readonly #sizes: Buffer;
  readonly #palette: WebGLTexture;
  /** Exact positions; nothing is held while there are none. */
  #rests: WebGLTexture | null = null;
  #refined = 0;
  readonly #lit: Layer;
  readonly #dim: Layer;
  #wide = false;
  #rows = 1;
  #maxDiameter = 64;

  constructor(readonly gl: WebGL2RenderingContext) {
    const grain = grainOf(gl);
    this.#points = buildProgram(gl, POINT_VERTEX, POINT_FRAGMENT, ["place", "code", "flag", "size"]);
    this.#resolve = buildProgram(gl, SCREEN_VERTEX, RESOLVE_FRAGMENT);
    this.#places = new Buffer(gl);
    this.#codes = new Buffer(gl);
    this.#flags = new Buffer(gl);
    this.#sizes = new Buffer(gl);
    this.#palette = gl.createTexture();
    this.#lit = new Layer(gl, grain);
    this.#dim = new Layer(gl, grain);
    const range: unknown = gl.getParameter(gl.ALIASED_POINT_SIZE_RANGE);
    if (range instanceof Float32Array) this.#maxDiameter = (range[1] ?? 64) - 1;
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.DITHER);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  }

  fillPlaces(points: Points): void {
    this.#places.fill(points.xy);
  }

  fillRests(rests: Rests | null): void {
    const { gl } = this;
    gl.deleteTexture(this.#rests);
    this.#rests = null;
    this.#refined = rests === null ? 0 : rests.length / 2;
    if (rests === null) return;
    this.#rests = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.#rests);
    const rows = this.#refined / RESTS_WIDTH;
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32UI, RESTS_WIDTH, rows, 0, gl.RG_INTEGER, gl.UNSIGNED_INT, rests);
    unfiltered(gl);
  }

  /** null: all points have code 0. */
  fillCodes(codes: Uint8Array | Uint16Array | null, order: Uint32Array): void {
    this.#wide = codes instanceof Uint16Array;
    this.#codes.fill(placed(codes, order));
  }

  /** A bit a point; null: all are selected. */
  fillFlags(bits: Uint8Array | null, n: number): void {
    const bytes = bits && new Uint8Array(n);
    for (let i = 0; bytes && i < n; i++) bytes[i] = Number(isSelected(bits, i));
    this.#flags.fill(bytes);
  }

  /** Has the driver compile what draws a first selection, while nobody waits: a point that is left out, as one draws it. */
  warm(frame: Frame, style: Style): void {
    if (this.#flags.filled) return;
    this.#flags.fill(new Uint8Array(1));
    this.accumulate(frame, { part: 0, of: 1, runs: [0, 1] }, style, true, false);
    this.#flags.fill(null);
  }

  /** A byte a row; null: all are of one size. */
  fillSizes(sizes: Uint8Array | null, order: Uint32Array): void {
    this.#sizes.fill(placed(sizes, order));
  }

  fillPalette(texture: Uint8Array): void {
    const { gl } = this;
    this.#rows = texture.length / 1024;
    gl.bindTexture(gl.TEXTURE_2D, this.#palette);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, this.#rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texture);
    unfiltered(gl);
  }

  /** Adds a part of the points to the lit layer (selected) or the dim one (the rest). */
  accumulate(frame: Frame, part: Part, style: Style, selected: boolean, first: boolean): void {
    const { gl } = this;
    (selected ? this.#lit : this.#dim).open(frame.width, frame.height, first);
    // Colour is laid over what is there; alpha keeps what still shows through.
    gl.blendFuncSeparate(gl.ONE, gl.ONE_MINUS_SRC_ALPHA, gl.ZERO, gl.ONE_MINUS_SRC_ALPHA);
    this.#draw(frame, part, style, selected, null);
  }

  /** Draws a part of the points straight to the screen: the rest under the selected, if there is a rest. */
  direct(frame: Frame, part: Part, lit: Style[], dim: { style: Style; tint: Tint } | null): void {
    const { gl } = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (dim !== null) this.#draw(frame, part, dim.style, false, dim.tint);
    for (const style of lit) this.#draw(frame, part, style, true, null);
  }

  /** Makes the picture from the layers; `dim` is null where everything is selected. */
  present(frame: Frame, lit: Tone, dim: Tone | null, dimColor: readonly [number, number, number]): void {
    const { gl } = this;
    const program = this.#resolve;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.viewport(0, 0, frame.width, frame.height);
    gl.disable(gl.BLEND);
    gl.useProgram(program.handle);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#lit.texture);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, dim === null ? this.#lit.texture : this.#dim.texture);
    gl.uniform1i(program.at("lit"), 0);
    gl.uniform1i(program.at("dim"), 1);
    gl.uniform1i(program.at("dimmed"), dim === null ? 0 : 1);
    const tone = ({ gain, style, strength }: Tone) => [gain, style.depth, style.gamma, strength];
    gl.uniform4fv(program.at("litTone"), tone(lit));
    gl.uniform4fv(program.at("dimTone"), tone(dim ?? lit));
    gl.uniform3fv(program.at("dimColor"), dimColor);
    for (const index of [PLACE, CODE, FLAG, SIZE]) gl.disableVertexAttribArray(index);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    gl.activeTexture(gl.TEXTURE0);
  }

  #draw(frame: Frame, part: Part, style: Style, selected: boolean, tint: Tint | null): void {
    const { gl } = this;
    const program = this.#points;
    gl.viewport(0, 0, frame.width, frame.height);
    gl.useProgram(program.handle);
    const [x, y] = frame.centre;
    gl.uniform2f(program.at("centre"), Math.floor(x), Math.floor(y));
    gl.uniform2f(program.at("rest"), x - Math.floor(x), y - Math.floor(y));
    const [sx, sy] = frame.perStep;
    gl.uniform2f(program.at("toClip"), (2 * sx) / frame.width, (2 * sy) / frame.height);
    const most = this.#maxDiameter / (this.#sizes.filled ? LARGEST : 1);
    const diameter = Math.min(style.diameter * frame.ratio, most);
    gl.uniform1f(program.at("diameter"), diameter);
    gl.uniform1f(program.at("alpha"), style.alpha * (tint?.strength ?? 1));
    gl.uniform1f(program.at("rim"), Math.min(1, Math.max(0, style.diameter - 3)) * (1 - style.dense));
    gl.uniform4fv(program.at("tint"), tint === null ? [0, 0, 0, 0] : [...tint.color, 1]);
    gl.uniform2ui(program.at("span"), ...style.span);
    gl.uniform1ui(program.at("wanted"), selected ? 1 : 0);
    gl.uniform1ui(program.at("rows"), this.#rows);
    gl.uniform1i(program.at("palette"), 0);
    // Whole numbers have a unit of their own: no other kind of sampler may look at it.
    gl.uniform1i(program.at("rests"), 2);
    gl.uniform1ui(program.at("refined"), this.#refined);
    gl.uniform2ui(program.at("part"), part.of, part.part);
    gl.activeTexture(gl.TEXTURE2);
    gl.bindTexture(gl.TEXTURE_2D, this.#rests);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#palette);
    gl.enable(gl.BLEND);
    this.#bind(part);
    for (let k = 0; k + 1 < part.runs.length; k += 2) {
      const start = Math.max(0, Math.ceil(((part.runs[k] ?? 0) - part.part) / part.of));
      const end = Math.ceil(((part.runs[k + 1] ?? 0) - part.part) / part.of);
      if (end > start) gl.drawArrays(gl.POINTS, start, end - start);
    }
  }

  #bind(part: Part): void {
    const { gl } = this;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#places.handle);
    gl.enableVertexAttribArray(PLACE);
    gl.vertexAttribPointer(PLACE, 2, gl.UNSIGNED_SHORT, false, 4 * part.of, 4 * part.part);
    if (this.#codes.filled) {
      const size = this.#wide ? 2 : 1;
      gl.bindBuffer(gl.ARRAY_BUFFER, this.#codes.handle);
      gl.enableVertexAttribArray(CODE);
      const type = this.#wide ? gl.UNSIGNED_SHORT : gl.UNSIGNED_BYTE;
      gl.vertexAttribIPointer(CODE, 1, type, size * part.of, size * part.part);
    } else {
      gl.disableVertexAttribArray(CODE);
      gl.vertexAttribI4ui(CODE, 0, 0, 0, 0);
    }
    for (const [index, buffer, otherwise] of [
      [FLAG, this.#flags, 1],
      [SIZE, this.#sizes, PLAIN_SIZE],
    ] as const) {
      if (buffer.filled) {
        gl.bindBuffer(gl.ARRAY_BUFFER, buffer.handle);
        gl.enableVertexAttribArray(index);
        gl.vertexAttribIPointer(index, 1, gl.UNSIGNED_BYTE, part.of, part.part);
      } else {
        gl.disableVertexAttribArray(index);
        gl.vertexAttribI4ui(index, otherwise, 0, 0, 0);
      }
    }
  }
}

/** What is by row, in the order of the places: such a copy is needed on its way to the GPU alone. */
function placed<T extends Uint8Array | Uint16Array>(values: T | null, order: Uint32Array): T | null {
  if (values === null) return null;
  const copy = new (values.constructor as new (n: number) => T)(order.length);
  for (let i = 0; i < order.length; i++) copy[i] = values[order[i] as number] as number;
  return copy;
}
