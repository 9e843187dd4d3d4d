import { mountExplorer, mountMap, mountReader, mountTable } from "../../../src/explorer/explorer";
import { corpus } from "../data";
import { FakeLens } from "../fake-lens";
import { fakeView } from "../stub";

// What the address asks for: ?dark=1&color=loss&part=explorer
const asked = new URLSearchParams(location.search);
const lens = new FakeLens(corpus(Number(asked.get("rows") ?? 3000)));
const view = fakeView(lens, { color: asked.get("color") ?? "cluster", dark: asked.get("dark") === "1" });
const parts = { explorer: mountExplorer, map: mountMap, table: mountTable, reader: mountReader };
const part = asked.get("part");
const mount = part === "map" || part === "table" || part === "reader" ? parts[part] : parts.explorer;
const el = document.querySelector<HTMLElement>("#here");
if (el) mount(el, view);
document.body.style.background = view.dark.value ? "#111" : "#fff";
Object.assign(globalThis, { view, lens });
