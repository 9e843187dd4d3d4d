// What every page of benchmarks/map.py loads first: it counts what goes to the GPU, and times what the page's peer does.
//
// A peer is a module that exports `peer`:
//   data            names of what it is drawn from (benchmarks/map_data.py)
//   open(el, data, style)   shows all points in `el`; resolves once that was given to the GPU
//   pan(dx, how)    moves the view by so many pixels to the right; resolves once the frame was given to the GPU
//   rest()          where a moving view draws less than all: resolves once all was given to the GPU
//   lasso()         where it has one, to be drawn by hand: resolves once its picture was given to the GPU
//
// Rasterising in software takes place in another process: `finish` waits until it is done with all that was given.

const contexts = [];
/** Bytes of each buffer and texture that lives on the GPU. */
const sizes = { buffers: new Map(), textures: new Map() };
/** Of the newest frame; callbacks of one frame have one time stamp. */
let frameStart = 0;
let stamp = -1;

const { requestAnimationFrame: request } = window;
window.requestAnimationFrame = (act) =>
  request.call(window, (time) => {
    if (time !== stamp) [stamp, frameStart] = [time, performance.now()];
    act(time);
  });

const { getContext } = HTMLCanvasElement.prototype;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  const context = getContext.call(this, kind, ...rest);
  if (context && kind.startsWith("webgl") && !contexts.includes(context)) contexts.push(context);
  return context;
};

const BYTES = { 0x8814: 16, 0x881a: 8, 0x8230: 8, 0x8229: 1, 0x822b: 2, 0x8d62: 2 };
for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
  const { bufferData, texImage2D, texStorage2D, deleteBuffer, deleteTexture } = prototype;
  prototype.bufferData = function (target, data, ...rest) {
    const where = target === this.ARRAY_BUFFER ? this.ARRAY_BUFFER_BINDING : this.ELEMENT_ARRAY_BUFFER_BINDING;
    sizes.buffers.set(this.getParameter(where), typeof data === "number" ? data : data.byteLength);
    return bufferData.call(this, target, data, ...rest);
  };
  prototype.texImage2D = function (target, level, format, ...rest) {
    if (rest.length > 3 && level === 0) {
      const each = rest[4] === this.FLOAT && format === this.RGBA ? 16 : (BYTES[format] ?? 4);
      sizes.textures.set(this.getParameter(this.TEXTURE_BINDING_2D), rest[0] * rest[1] * each);
    }
    return texImage2D.call(this, target, level, format, ...rest);
  };
  if (texStorage2D) {
    prototype.texStorage2D = function (target, levels, format, width, height) {
      sizes.textures.set(this.getParameter(this.TEXTURE_BINDING_2D), width * height * (BYTES[format] ?? 4));
      return texStorage2D.call(this, target, levels, format, width, height);
    };
  }
  prototype.deleteBuffer = function (buffer) {
    sizes.buffers.delete(buffer);
    return deleteBuffer.call(this, buffer);
  };
  prototype.deleteTexture = function (texture) {
    sizes.textures.delete(texture);
    return deleteTexture.call(this, texture);
  };
}

/** Returns once the GPU's process has drawn all that it was given. */
function finish() {
  const pixel = new Uint8Array(4);
  for (const gl of contexts) {
    if (gl.isContextLost()) continue;
    const bound = gl.getParameter(gl.FRAMEBUFFER_BINDING);
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    gl.bindFramebuffer(gl.FRAMEBUFFER, bound);
  }
}

async function typed(name) {
  const reply = await fetch(`/data/${name}`);
  if (!reply.ok) throw new Error(`${name}: ${reply.status}`);
  if (name.endsWith(".json")) return reply.json();
  const bytes = await reply.arrayBuffer();
  if (name.endsWith(".f4")) return new Float32Array(bytes);
  return name.endsWith(".u2") ? new Uint16Array(bytes) : new Uint8Array(bytes);
}

/** An answer of the kernel, its bytes in parts as they come. */
async function recorded(verb) {
  const { result, infos, part } = await typed(`${verb}.json`);
  const bytes = infos.length > 0 ? await typed(`${verb}.bin`) : new Uint8Array(0);
  const parts = [];
  for (let at = 0; at < bytes.length; at += part) parts.push(bytes.slice(at, at + part));
  return { result, infos, parts };
}

window.bench = {
  data: new Map(),

  /** Brings all that the peer is drawn from into the page. */
  async fetch() {
    const { data } = window.peer;
    for (const name of data) {
      this.data.set(name, name.includes(".") ? await typed(name) : await recorded(name));
    }
  },

  /** Milliseconds from data in the page to the first whole picture. */
  async open(style) {
    const { data } = this;
    this.data = null;
    const start = performance.now();
    await window.peer.open(document.querySelector("#map"), data, style);
    finish();
    return performance.now() - start;
  },

  /** Milliseconds of each frame of a pan, to and fro; and from the hand's movement to rest, where that is later. */
  async pan(how, times) {
    const frames = [];
    const rests = [];
    for (let k = 0; k < times; k++) {
      const start = performance.now();
      const rest = window.peer.rest?.();
      await window.peer.pan(k % 2 === 0 ? 8 : -8, how);
      finish();
      // Waiting for the screen's next refresh is nobody's work.
      frames.push(performance.now() - Math.max(start, frameStart));
      await rest;
      finish();
      rests.push(performance.now() - start);
    }
    return { frames, rests };
  },

  /** Prepares for a lasso that is drawn by hand; `lassoed` then has the milliseconds from mouse up. */
  lasso() {
    let up = 0;
    addEventListener("pointerup", () => (up = performance.now()), { capture: true, once: true });
    const drawn = window.peer.lasso();
    this.lassoed = drawn.then((said) => {
      finish();
      return { picture: performance.now() - up, flags: (said?.flags ?? up) - up, count: said?.count ?? null };
    });
  },

  finish,
  held: (kind) => [...sizes[kind].values()].reduce((sum, size) => sum + size, 0),
};
