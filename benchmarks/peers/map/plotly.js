// plotly's scattergl, from the copy of plotly.js that the Python package carries (the page loads it first).

let range;
let perPixel;
let el;

export const peer = {
  data: ["places.f4", "codes.u1", "palette.json"],

  async open(place, data, { diameter, alpha, reach }) {
    el = place;
    const places = data.get("places.f4");
    const codes = data.get("codes.u1");
    const palette = data.get("palette.json");
    const n = codes.length;
    const [x, y] = [new Float32Array(n), new Float32Array(n)];
    for (let i = 0; i < n; i++) {
      x[i] = places[2 * i];
      y[i] = places[2 * i + 1];
    }
    const { clientWidth: width, clientHeight: height } = el;
    perPixel = 1 / reach;
    range = [-width / 2 / reach, width / 2 / reach];
    const axis = { visible: false, autorange: false };
    await window.Plotly.newPlot(
      el,
      [
        {
          type: "scattergl",
          mode: "markers",
          x,
          y,
          hoverinfo: "skip",
          marker: {
            size: diameter,
            opacity: alpha,
            color: codes,
            cmin: 0,
            cmax: palette.length - 1,
            colorscale: palette.map((color, k) => [k / (palette.length - 1), color]),
          },
        },
      ],
      {
        width,
        height,
        margin: { l: 0, r: 0, t: 0, b: 0 },
        xaxis: { ...axis, range },
        yaxis: { ...axis, range: [-height / 2 / reach, height / 2 / reach] },
      },
      { displayModeBar: false, staticPlot: false },
    );
  },

  async pan(dx) {
    range = range.map((end) => end - dx * perPixel);
    await window.Plotly.relayout(el, { "xaxis.range": range });
  },
};
