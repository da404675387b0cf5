/** Bundles the client into one file; only the editor's own module stays outside. */
import { writeFile } from "node:fs/promises";

import { build } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
};

const { metafile } = await build({
  ...common,
  entryPoints: ["client/src/extension.ts"],
  outfile: "client/dist/extension.js",
  minify: true,
  metafile: true,
});
// The packaging script collects the licences of what went in.
await writeFile("client/dist/inputs.json", JSON.stringify(Object.keys(metafile.inputs)));
