// Builds two modules into src/datalens/static: widget.js holds everything and belongs to the hub, one per
// lens; view.js is the few lines each view carries, because every saved widget stores a copy of its module.
import * as esbuild from "esbuild";

const options = {
  entryPoints: { widget: "src/hub.ts", view: "src/view.ts" },
  outdir: "../src/datalens/static",
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".css": "text", ".glsl": "text" },
  legalComments: "none",
  logLevel: "warning",
};

if (process.argv.includes("--watch")) {
  const context = await esbuild.context(options);
  await context.watch();
} else {
  await esbuild.build(options);
}
