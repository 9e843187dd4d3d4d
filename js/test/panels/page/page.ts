import {
  mountExplorer,
  mountMap,
  mountReader,
  mountSimilar,
  mountTable,
} from "../../../src/explorer/explorer";
import { corpus, WITH_VECTORS } from "../data";
import { FakeLens } from "../fake-lens";
import { fakeView } from "../stub";

// What the address asks for: ?dark=1&color=loss&part=explorer
const asked = new URLSearchParams(location.search);
const lens = new FakeLens(
  corpus(Number(asked.get("rows") ?? 3000)),
  asked.get("vectors") === "1" ? WITH_VECTORS : undefined,
);
const view = fakeView(lens, { color: asked.get("color") ?? "cluster", dark: asked.get("dark") === "1" });
const parts = new Map([
  ["map", mountMap],
  ["table", mountTable],
  ["reader", mountReader],
  ["similar", mountSimilar],
]);
const mount = parts.get(asked.get("part") ?? "") ?? mountExplorer;
const el = document.querySelector<HTMLElement>("#here");
if (el) mount(el, view);
document.body.style.background = view.dark.value ? "#111" : "#fff";
Object.assign(globalThis, { view, lens });
