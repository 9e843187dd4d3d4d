import { readFile } from "node:fs/promises";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [
    {
      // Styles and shaders are text, as build.mjs has it: vite would read a .css as a style sheet of the page.
      name: "text",
      enforce: "pre",
      async load(id) {
        return /\.(css|glsl)$/.test(id)
          ? `export default ${JSON.stringify(await readFile(id, "utf8"))}`
          : null;
      },
    },
  ],
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    testTimeout: 30_000,
    // Not a failure while a folder has no tests of its own; CI runs all of them.
    passWithNoTests: true,
  },
});
