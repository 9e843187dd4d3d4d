/**
 * One point: its place is taken relative to the view's centre before it is scaled, so that deep zoom stays exact to
 * the 16 bits it has (a 32-bit float holds the difference exactly). `centre` comes as its whole and its fraction. What
 * the 16 bits leave is looked up by place, the vertex's number in all parts, among the `refined`.
 */
export const POINT_VERTEX = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
in vec2 place;
in uint code;
in uint flag;
in uint size;
uniform vec2 centre;
uniform vec2 rest;
uniform vec2 toClip;
uniform float diameter;
uniform uvec2 span;
uniform uint wanted;
uniform uint rows;
uniform vec4 tint;
uniform sampler2D palette;
uniform highp usampler2D rests;
uniform uint refined;
uniform uvec2 part;
flat out vec4 color;
uvec2 pairAt(uint k) {
  return texelFetch(rests, ivec2(int(k & 1023u), int(k >> 10u)), 0).xy;
}
vec2 left() {
  uint at = uint(gl_VertexID) * part.x + part.y;
  uint low = 0u;
  uint high = refined;
  while (low < high) {
    uint middle = (low + high) >> 1u;
    if (pairAt(middle).x < at) low = middle + 1u;
    else high = middle;
  }
  uvec2 pair = low < refined ? pairAt(low) : uvec2(at + 1u);
  return pair.x == at ? (vec2(pair.y & 65535u, pair.y >> 16u) - 32768.0) / 65536.0 : vec2(0.0);
}
flat out float across;
void main() {
  if ((flag & 1u) != wanted || ((code - span.x) & 65535u) >= span.y) {
    gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
    gl_PointSize = 1.0;
    return;
  }
  gl_Position = vec4(((place - centre + left()) - rest) * toClip, 0.0, 1.0);
  across = diameter * (0.6 + float(size) / 160.0);
  gl_PointSize = across + 1.0;
  uint known = (code >> 8u) < rows ? code : 2u;
  color = mix(texelFetch(palette, ivec2(int(known & 255u), int(known >> 8u)), 0), vec4(tint.rgb, 1.0), tint.a);
}`;

/** A disc with one pixel of antialiasing and, where it is large enough to have one, a thin darker rim. */
export const POINT_FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 color;
flat in float across;
uniform float alpha;
uniform float rim;
out vec4 ink;
void main() {
  float away = length(gl_PointCoord - 0.5) * (across + 1.0);
  float radius = 0.5 * across;
  float cover = clamp(radius + 0.5 - away, 0.0, 1.0);
  float edge = smoothstep(radius - 1.4, radius - 0.4, away) * rim;
  float a = cover * alpha * color.a;
  ink = vec4(color.rgb * (1.0 - 0.3 * edge) * a, a);
}`;

/** One triangle over the whole view. */
export const SCREEN_VERTEX = `#version 300 es
void main() {
  vec2 corner = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2));
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/**
 * From ink to picture. A layer holds colour multiplied by coverage, and in alpha what of the ground still shows
 * through (near 0 a float has the finest steps, so dense places keep their order). Its logarithm is the optical depth,
 * which the tone curve turns into opacity; colour is the mean of what lies there.
 */
export const RESOLVE_FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler2D;
uniform sampler2D lit;
uniform sampler2D dim;
uniform bool dimmed;
uniform vec4 litTone;
uniform vec4 dimTone;
uniform vec3 dimColor;
out vec4 picture;
float opacity(float through, vec4 tone) {
  float depth = -log(max(through, 1e-7)) * tone.x;
  return 1.0 - exp(-tone.y * pow(depth / tone.y, tone.z));
}
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy);
  vec4 ink = texelFetch(lit, at, 0);
  float a = ink.a < 1.0 ? opacity(ink.a, litTone) * litTone.w : 0.0;
  picture = vec4(ink.rgb / max(1.0 - ink.a, 1e-4) * a, a);
  if (dimmed) {
    float through = texelFetch(dim, at, 0).a;
    float b = through < 1.0 ? opacity(through, dimTone) * dimTone.w * (1.0 - a) : 0.0;
    picture += vec4(dimColor * b, b);
  }
}`;
