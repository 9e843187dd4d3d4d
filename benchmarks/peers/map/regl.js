// regl-scatterplot, as its README draws many points: one encoding for colours, the spatial index made by itself.

import createScatterplot from "regl-scatterplot";

let plot;
let view;
let width = 1;

const drawn = (when = () => true) =>
  new Promise((done) => {
    // "drawing" is told within the frame.
    const handle = plot.subscribe("drawing", () => {
      if (!when()) return;
      plot.unsubscribe(handle);
      done();
    });
  });

export const peer = {
  data: ["places.f4", "codes.u1", "palette.json"],

  async open(el, data, { diameter, alpha, reach }) {
    const places = data.get("places.f4");
    const codes = data.get("codes.u1");
    const n = codes.length;
    width = el.clientWidth;
    const canvas = document.createElement("canvas");
    el.append(canvas);
    plot = createScatterplot({
      canvas,
      width,
      height: el.clientHeight,
      pointSize: diameter + 1,
      opacity: alpha,
      pointColor: data.get("palette.json"),
      colorBy: "valueA",
      lassoMinDelay: 0,
    });
    const [x, y] = [new Float32Array(n), new Float32Array(n)];
    // Its picture is two units high.
    const unit = (2 * reach) / el.clientHeight;
    for (let i = 0; i < n; i++) {
      x[i] = places[2 * i] * unit;
      y[i] = places[2 * i + 1] * unit;
    }
    // Resolves once it is drawn.
    await plot.draw({ x, y, valueA: codes }, { zDataType: "categorical" });
    view = Float32Array.from(plot.get("cameraView"));
  },

  async pan(dx) {
    view[12] += (2 * dx) / width;
    const frame = drawn();
    plot.view(view);
    await frame;
  },

  async lasso() {
    plot.set({ mouseMode: "lasso" });
    const chosen = () => plot.get("selectedPoints");
    await drawn(() => chosen().length > 0);
    return { count: chosen().length };
  },
};
