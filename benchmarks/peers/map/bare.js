// The least there can be: one buffer, one shader, one call of gl.POINTS. Discs with a pixel of antialiasing, colours from
// a palette, blended, straight to the screen.

const VERTEX = `#version 300 es
in vec2 place;
in uint code;
uniform vec2 scale;
uniform vec2 shift;
uniform float size;
uniform sampler2D palette;
flat out vec3 color;
void main() {
  gl_Position = vec4(place * scale + shift, 0.0, 1.0);
  gl_PointSize = size;
  color = texelFetch(palette, ivec2(int(code), 0), 0).rgb;
}`;
const FRAGMENT = `#version 300 es
precision highp float;
flat in vec3 color;
uniform float size;
uniform float alpha;
out vec4 ink;
void main() {
  float away = length(gl_PointCoord - 0.5) * size;
  float a = alpha * clamp(0.5 * size - away, 0.0, 1.0);
  ink = vec4(color * a, a);
}`;

let gl;
let shiftAt;
let n = 0;
let moved = 0;
/** Half of what the coordinates span, in clip space. */
let spanX = 1;
let spanY = 1;

function draw() {
  gl.clear(gl.COLOR_BUFFER_BIT);
  gl.uniform2f(shiftAt, -spanX + (2 * moved) / gl.canvas.width, -spanY);
  gl.drawArrays(gl.POINTS, 0, n);
}

export const peer = {
  data: ["places.u2", "codes.u1", "palette.u1"],

  async open(el, data, { diameter, alpha, reach }) {
    const canvas = document.createElement("canvas");
    canvas.width = el.clientWidth;
    canvas.height = el.clientHeight;
    el.append(canvas);
    gl = canvas.getContext("webgl2", { antialias: false, depth: false });
    const program = gl.createProgram();
    for (const [type, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ]) {
      const shader = gl.createShader(type);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.bindAttribLocation(program, 0, "place");
    gl.bindAttribLocation(program, 1, "code");
    gl.linkProgram(program);
    gl.useProgram(program);
    const fill = (array) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, gl.createBuffer());
      gl.bufferData(gl.ARRAY_BUFFER, array, gl.STATIC_DRAW);
    };
    const places = data.get("places.u2");
    n = places.length / 2;
    fill(places);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.UNSIGNED_SHORT, true, 0, 0);
    fill(data.get("codes.u1"));
    gl.enableVertexAttribArray(1);
    gl.vertexAttribIPointer(1, 1, gl.UNSIGNED_BYTE, 0, 0);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    const palette = data.get("palette.u1");
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, palette.length / 4, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, palette);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    // Coordinates reach from -1 to 1, `reach` pixels to each side of the middle.
    [spanX, spanY] = [(2 * reach) / canvas.width, (2 * reach) / canvas.height];
    const at = (name) => gl.getUniformLocation(program, name);
    gl.uniform2f(at("scale"), 2 * spanX, 2 * spanY);
    gl.uniform1f(at("size"), diameter + 1);
    gl.uniform1f(at("alpha"), alpha);
    shiftAt = at("shift");
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0, 0, 0, 0);
    draw();
  },

  async pan(dx) {
    moved += dx;
    await new Promise((done) =>
      requestAnimationFrame(() => {
        draw();
        done();
      }),
    );
  },
};
