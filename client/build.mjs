/** Bundles the client into one file, and the panel of a probe into another; only the editor's own module stays outside. */
import { writeFile } from "node:fs/promises";

import { build } from "esbuild";

const common = {
  bundle: true,
  minify: true,
  metafile: true,
  logLevel: "warning",
};

const client = await build({
  ...common,
  entryPoints: ["client/src/extension.ts"],
  outfile: "client/dist/extension.js",
  platform: "node",
  target: "node20",
  format: "cjs",
  external: ["vscode"],
});
const panel = await build({
  ...common,
  entryPoints: ["client/panel/panel.ts", "client/panel/panel.css"],
  outdir: "client/dist",
  platform: "browser",
  target: "es2022",
  format: "iife",
});
// The packaging script collects the licences of what went in.
const inputs = [client, panel].flatMap(({ metafile }) => Object.keys(metafile.inputs));
await writeFile("client/dist/inputs.json", JSON.stringify(inputs));
