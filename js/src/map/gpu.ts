/** Small helpers over WebGL2: they make one thing each and throw a sentence where the driver refuses. */

export interface Program {
  handle: WebGLProgram;
  /** Where a uniform is; null where the compiler dropped it. */
  at(name: string): WebGLUniformLocation | null;
}

/** Attributes get the places of their names in `attributes`. */
export function buildProgram(
  gl: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
  attributes: string[] = [],
): Program {
  const handle = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error("The graphics context was lost.");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(handle, shader);
    gl.deleteShader(shader);
  }
  for (const [index, name] of attributes.entries()) gl.bindAttribLocation(handle, index, name);
  gl.linkProgram(handle);
  const places = new Map<string, WebGLUniformLocation | null>();
  return {
    handle,
    at(name) {
      // Only now: to ask is to wait for the compiler, which has work while points are on their way.
      if (!places.size && !gl.getProgramParameter(handle, gl.LINK_STATUS) && !gl.isContextLost()) {
        throw new Error(
          `The graphics driver refused the map's shaders: ${gl.getProgramInfoLog(handle) ?? ""}`,
        );
      }
      let place = places.get(name);
      if (place === undefined) {
        place = gl.getUniformLocation(handle, name);
        places.set(name, place);
      }
      return place;
    },
  };
}

/** A buffer that is filled anew; of the same length in place, without a new allocation. */
export class Buffer {
  readonly handle: WebGLBuffer;
  /** Whether there is something in it. */
  filled = false;
  #bytes = -1;

  constructor(readonly gl: WebGL2RenderingContext) {
    this.handle = gl.createBuffer();
  }

  fill(data: Uint8Array | Uint16Array | null): void {
    const { gl } = this;
    this.filled = data !== null;
    if (data === null) return;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.handle);
    if (data.byteLength === this.#bytes) gl.bufferSubData(gl.ARRAY_BUFFER, 0, data);
    else gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
    this.#bytes = data.byteLength;
  }
}

/** Numbers that a layer is made of: their format and type. */
export type Grain = readonly [format: number, type: number];

/** What points are gathered in before they become a picture. */
export class Layer {
  readonly framebuffer: WebGLFramebuffer;
  readonly texture: WebGLTexture;
  #width = 0;
  #height = 0;

  constructor(
    readonly gl: WebGL2RenderingContext,
    readonly grain: Grain,
  ) {
    this.framebuffer = gl.createFramebuffer();
    this.texture = gl.createTexture();
  }

  /** Binds it for drawing at this size, emptied where asked: all of the ground shows through. */
  open(width: number, height: number, empty: boolean): void {
    const { gl } = this;
    if (width !== this.#width || height !== this.#height) {
      gl.bindTexture(gl.TEXTURE_2D, this.texture);
      const [format, type] = this.grain;
      gl.texImage2D(gl.TEXTURE_2D, 0, format, width, height, 0, gl.RGBA, type, null);
      unfiltered(gl);
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
      this.#width = width;
      this.#height = height;
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    if (empty) {
      gl.clearColor(0, 0, 0, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
    }
  }
}

/** Textures are read texel by texel. */
export function unfiltered(gl: WebGL2RenderingContext): void {
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}

/**
 * What can be drawn to and blended here: half floats; bytes where a GPU can't blend those; and whole floats where there is
 * no GPU, since a processor that adds up halves converts each to and fro (a quarter of a frame's time in SwiftShader).
 */
export function grainOf(gl: WebGL2RenderingContext): Grain {
  const float = gl.getExtension("EXT_color_buffer_float");
  const info = float && gl.getExtension("EXT_float_blend") && gl.getExtension("WEBGL_debug_renderer_info");
  if (info && /swiftshader/i.test(gl.getParameter(info.UNMASKED_RENDERER_WEBGL)))
    return [gl.RGBA32F, gl.FLOAT];
  return float || gl.getExtension("EXT_color_buffer_half_float")
    ? [gl.RGBA16F, gl.HALF_FLOAT]
    : [gl.RGBA8, gl.UNSIGNED_BYTE];
}
