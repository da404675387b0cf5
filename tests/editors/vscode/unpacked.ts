/** The .vsix as files. */
import { execFileSync } from "node:child_process";
import * as path from "node:path";

import { type Start } from "./lsp.ts";
import { freshFolder, vsix } from "./paths.ts";

/** Unpacks the .vsix into a fresh folder and gives the extension's own folder there. */
export function unpackExtension(): string {
  const folder = freshFolder("vsix");
  execFileSync("python3", ["-m", "zipfile", "-e", vsix(), folder]);
  return path.join(folder, "extension");
}

/** The names of all files in the .vsix. */
export function listVsix(): string[] {
  const script = "import sys, zipfile; print(*zipfile.ZipFile(sys.argv[1]).namelist(), sep='\\n')";
  return execFileSync("python3", ["-c", script, vsix()], { encoding: "utf8" }).trim().split("\n");
}

/** Starts the server of an unpacked extension with the arguments that the client uses. */
export function bundledServer(extension: string, python: string, cwd: string, env: NodeJS.ProcessEnv = {}): Start {
  const launcher = path.join(extension, "bundled/launcher.py");
  return { command: python, args: ["-I", "-S", launcher], cwd, env };
}
