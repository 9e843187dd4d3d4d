// deck.gl's ScatterplotLayer on binary attributes, its fastest way in, in an orthographic view.

import { Deck, OrthographicView } from "@deck.gl/core";
import { ScatterplotLayer } from "@deck.gl/layers";

let deck;
let zoom;
let target = [0, 0, 0];
let perPixel;
let tell = () => {};

const drawn = () =>
  new Promise((done) => {
    tell = done;
  });
const viewState = () => ({ target, zoom });

export const peer = {
  data: ["places.f4", "codes.u1", "palette.u1"],

  async open(el, data, { diameter, alpha, reach }) {
    const places = data.get("places.f4");
    const codes = data.get("codes.u1");
    const palette = data.get("palette.u1");
    const n = codes.length;
    const colors = new Uint8Array(4 * n);
    for (let i = 0; i < n; i++) {
      const at = 4 * codes[i];
      for (let k = 0; k < 3; k++) colors[4 * i + k] = palette[at + k];
      colors[4 * i + 3] = Math.round(255 * alpha);
    }
    perPixel = 1 / reach;
    zoom = Math.log2(reach);
    const layer = new ScatterplotLayer({
      id: "points",
      data: {
        length: n,
        attributes: { getPosition: { value: places, size: 2 }, getFillColor: { value: colors, size: 4 } },
      },
      radiusUnits: "pixels",
      getRadius: diameter / 2,
    });
    const first = drawn();
    deck = new Deck({
      parent: el,
      width: el.clientWidth,
      height: el.clientHeight,
      views: new OrthographicView({ flipY: false }),
      viewState: viewState(),
      useDevicePixels: false,
      layers: [layer],
      onAfterRender: () => {
        if (layer.isLoaded) tell();
      },
    });
    await first;
  },

  async pan(dx) {
    target = [target[0] - dx * perPixel, 0, 0];
    const frame = drawn();
    deck.setProps({ viewState: viewState() });
    await frame;
  },
};
