// Builds two modules into src/datalens/static: widget.js holds everything and belongs to the hub, one per
// lens; view.js is the few lines each view carries, because every saved widget stores a copy of its module.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import * as esbuild from "esbuild";
import { minify } from "terser";

/** Style sheets are text here (styles/index.ts nests them in one rule), but no longer than they have to be. */
const sheets = {
  name: "sheets",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const sheet = await readFile(path, "utf8");
      // As it is written: browsers that this is for know nesting.
      const { code } = await esbuild.transform(sheet, { loader: "css", minify: true, target: "esnext" });
      // Values of custom properties it leaves as they are.
      const contents = code.trim().replace(/(--[\w-]+:|var\(--[\w-]+,) /g, "$1");
      return { contents, loader: "text" };
    });
  },
};

/** WebGL's constants by name, as TypeScript's own declarations have them. */
const compilers = new URL("node_modules/@typescript/", import.meta.url);
const [compiler] = (await readdir(compilers)).filter((name) => name.startsWith("typescript-"));
const declarations = new URL(`${compiler}/lib/lib.dom.d.ts`, compilers);
const constants = new Map(
  [...(await readFile(declarations, "utf8")).matchAll(/readonly ([A-Z][A-Z0-9_]+): (0x[0-9A-F]+);/g)].map(
    ([, name, value]) => [name, Number(value)],
  ),
);

/** A constant of WebGL is a number here. */
const numbers = {
  name: "numbers",
  setup(build) {
    build.onLoad({ filter: /src\/map\/.*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/\b(?:this\.)?gl\.([A-Z][A-Z0-9_]+)\b/g, (whole, name) => {
        return constants.get(name) ?? whole;
      });
      return { contents, loader: "ts" };
    });
  },
};

/** Classes that keep their names: those that pages outside the bundle and tests look for, and what is put together. */
const KEPT = new Set(
  (
    "asked-name chip-label help horizontal hovered legend map map-keys map-names map-points menu near-far near-key near-row " +
    "problem reader saved similar spark splitter status table-panel tag toolbar vertical where words wrong"
  ).split(" "),
);

/** Our classes and custom properties stand in style sheets and strings alone, so that they can be called anything. */
const NAMES = /(--)?\bdl-([a-z]+(?:-[a-z]+)*)(?![-\w])/g;
const shortened = (text) => {
  const uses = new Map();
  for (const [name, property, rest] of text.matchAll(NAMES)) {
    if (property || !KEPT.has(rest)) uses.set(name, (uses.get(name) ?? 0) + 1);
  }
  // What is used most is the shortest.
  const used = [...uses.keys()].sort((a, b) => uses.get(b) - uses.get(a));
  const short = (prefix, names) => names.map((name, i) => [name, `${prefix}${i.toString(36)}`]);
  const called = new Map([
    ...short(
      "--",
      used.filter((name) => name.startsWith("--")),
    ),
    ...short(
      "dl",
      used.filter((name) => !name.startsWith("--")),
    ),
  ]);
  return text.replace(NAMES, (name) => called.get(name) ?? name);
};

/** Methods and fields of our own that no message, no saved state and no page knows by name. */
const OWN =
  "hovered coloring setClause onPick onClose pointSize toScreen marking fitSelection strength setFlags onFitSelection " +
  "assembly onPicture inks toData pageNumber zoomAt setPoints ground tellMissing savePicture swatch setPalette outlines " +
  "pageCount rested setRests setCodes pose panBy isPicked fillPalette selectedOf onEdit goTo fitted fillPlaces refused " +
  "perStep middles isWhole endHint setExtent hintWheel frameTook fillSizes fillRests fillFlags fillCodes batchTook readInks " +
  // What Preact looks for in components that are classes: there are none.
  "getDerivedStateFromProps getDerivedStateFromError componentWillReceiveProps componentWillUpdate componentWillMount " +
  "componentDidMount componentDidUpdate componentWillUnmount componentDidCatch getSnapshotBeforeUpdate getChildContext " +
  "shouldComponentUpdate debounceRendering __PREACT_SIGNALS_DEVTOOLS__";
const told = await readFile("src/host/protocol.ts", "utf8");
for (const name of OWN.split(" ")) {
  if (new RegExp(`\\b${name}\\b`).test(told))
    throw new Error(`The protocol knows '${name}': it has to keep its name.`);
}

/** A shader needs no space but behind its version and between words. */
const squeezed = (text) =>
  text.replace(/("#version 300 es\\n)([^"]*)"/g, (_, version, body) => {
    return `${version}${body.replaceAll("\\n", " ").replace(/\s*([^\w.])\s*/g, "$1")}"`;
  });

/** esbuild's minifier is fast, terser's leaves one percent less. */
const smaller = {
  name: "smaller",
  setup(build) {
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const { path, text } of outputFiles) {
        const { code } = await minify(text, {
          module: true,
          ecma: 2020,
          // No anonymous function is a class. (But a getter may do something: to read a signal is to follow it.)
          compress: { passes: 3, keep_fargs: false, unsafe_arrows: true, hoist_funs: true },
          mangle: { properties: { regex: new RegExp(`^(${OWN.replaceAll(" ", "|")})$`) } },
        });
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, squeezed(shortened(code)));
      }
    });
  },
};

const options = {
  outdir: "../src/datalens/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  // Calls of createElement are shorter than those of the runtime, which names the children of each element.
  tsconfigRaw: {
    compilerOptions: {
      target: "es2022",
      verbatimModuleSyntax: true,
      jsx: "react",
      jsxFactory: "createElement",
      jsxFragmentFactory: "Fragment",
    },
  },
  plugins: [sheets, numbers],
  legalComments: "none",
  logLevel: "warning",
};

// A view has no elements of its own: what the widget injects would be a copy of all that makes them.
const modules = [
  { ...options, entryPoints: { widget: "src/hub.ts" }, inject: ["element.mjs"] },
  { ...options, entryPoints: { view: "src/view.ts" } },
];
for (const module of modules) {
  if (process.argv.includes("--watch")) await (await esbuild.context(module)).watch();
  else await esbuild.build({ ...module, write: false, plugins: [...options.plugins, smaller] });
}
