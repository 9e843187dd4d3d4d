// Builds two modules into src/datalens/static: widget.js holds everything and belongs to the hub, one per
// lens; view.js is the few lines each view carries, because every saved widget stores a copy of its module.
import { readFile } from "node:fs/promises";
import * as esbuild from "esbuild";

// Style sheets are text in the bundle, which minifies no text.
const styles = {
  name: "styles",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, "utf8"), { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

const options = {
  entryPoints: { widget: "src/hub.ts", view: "src/view.ts" },
  outdir: "../src/datalens/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".glsl": "text" },
  plugins: [styles],
  legalComments: "none",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
