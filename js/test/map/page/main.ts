// A page with one map and nothing else, to look at it and to measure it:
//   npx esbuild test/map/page/main.ts --bundle --format=esm --outfile=/tmp/map/main.js --loader:.css=text
//   cp test/map/page/index.html /tmp/map, then open index.html?n=200000&color=cluster&dark=1

import { MapView } from "../../../src/map/map";
import css from "../../../src/map/map.css";
import { categories, cloud, numbers, stub } from "./stub";

const query = new URLSearchParams(location.search);
const dark = query.get("dark") === "1";
document.documentElement.dataset.theme = dark ? "dark" : "light";
const style = document.createElement("style");
style.textContent = css;
document.head.append(style);
const el = document.querySelector<HTMLElement>("#map");
if (el === null) throw new Error("no #map");
el.style.width = `${query.get("w") ?? 700}px`;
el.style.height = `${query.get("h") ?? 480}px`;

const data = cloud(Number(query.get("n") ?? 10_000), Number(query.get("groups") ?? 14));
const { view, store, calls, select, patch } = stub(data);
view.dark.value = dark;
view.color.value = query.get("color");
if (query.get("color") === "cluster") view.coloring.value = categories(data);
if (query.get("color") === "loss") view.coloring.value = numbers(data);
performance.mark("start");
const map = new MapView(el, view);
Object.assign(window, { map, view, store, calls, select, patch, data });
