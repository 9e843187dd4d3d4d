// Bundles the page: `node test/panels/page/build.mjs FOLDER`, then open FOLDER/page.html.
import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = process.argv[2] ?? "/tmp/datalens-panels";
await mkdir(out, { recursive: true });
const built = await esbuild.build({
  entryPoints: [`${here}page.ts`],
  outfile: `${out}/page.js`,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  jsx: "automatic",
  jsxImportSource: "preact",
  loader: { ".css": "text", ".glsl": "text" },
  metafile: true,
});
await copyFile(`${here}page.html`, `${out}/page.html`);
console.log(await esbuild.analyzeMetafile(built.metafile));
