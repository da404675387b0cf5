/** The search for a Python that can run the server.  It never runs a program of a folder that is not trusted. */
import { execFile } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";

import { cleanEnvironment } from "./environment.ts";

const OLDEST = [3, 10] as const;
const PROBE_TIMEOUT_MS = 5_000;
const PROBE = [
  "import json, sys",
  "from importlib.machinery import EXTENSION_SUFFIXES",
  "print(json.dumps({'version': sys.version_info[:3], 'suffixes': EXTENSION_SUFFIXES}))",
].join("\n");

/** A program that may be a suitable Python, and who named it. */
export interface Candidate {
  readonly path: string;
  readonly source: string;
}

/** A Python that fits. */
export interface Interpreter extends Candidate {
  readonly version: string;
}

/** What every candidate is judged by. */
export interface Requirements {
  /** Folders whose programs must not be run. */
  readonly forbidden: readonly string[];
  /** The folder that has to hold a native parser for the interpreter, when the bundled server is to run. */
  readonly natives: string | undefined;
  /** Where the candidates are started. */
  readonly cwd: string;
}

/** The first candidate that fits; `rejected` is told about those before it. */
export async function findInterpreter(
  candidates: AsyncIterable<Candidate>,
  requirements: Requirements,
  rejected: (candidate: Candidate, reason: string) => void,
): Promise<Interpreter | undefined> {
  const seen = new Set<string>();
  for await (const candidate of candidates) {
    if (seen.has(candidate.path)) continue;
    seen.add(candidate.path);
    const verdict = await judge(candidate.path, requirements);
    if (verdict.fits) return { ...candidate, version: verdict.version };
    rejected(candidate, verdict.reason);
  }
  return undefined;
}

/** The Pythons on PATH, newest name first after the plain ones. */
export function pathCandidates(): readonly Candidate[] {
  const names = ["python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
  const suffix = process.platform === "win32" ? ".exe" : "";
  // A relative entry would mean a place in whatever folder is current, so only absolute ones count.
  const folders = (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  return names
    .flatMap((name) => folders.map((folder) => path.join(folder, name + suffix)))
    .filter((file) => existsSync(file))
    .map((file) => ({ path: file, source: "PATH" }));
}

/** Whether a program, or what its links lead to, lies in one of the folders. */
export function liesIn(program: string, folders: readonly string[]): boolean {
  return [program, realOf(program)].some((file) =>
    folders.some((folder) => isBelow(file, folder) || isBelow(file, realOf(folder))),
  );
}

type Verdict = { readonly fits: true; readonly version: string } | { readonly fits: false; readonly reason: string };

async function judge(program: string, requirements: Requirements): Promise<Verdict> {
  if (liesIn(program, requirements.forbidden)) return refuse("it lies in a folder that is not trusted");
  if (!existsSync(program)) return refuse("there is no such file");
  const facts = await probe(program, requirements.cwd);
  if (facts === undefined) return refuse("it did not answer as a Python 3 does");
  const [major, minor, patch] = facts.version;
  const version = `${major}.${minor}.${patch}`;
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return refuse(`it is Python ${version}`);
  const { natives } = requirements;
  if (natives !== undefined && !facts.suffixes.some((suffix) => existsSync(path.join(natives, `native${suffix}`)))) {
    return refuse(`no parser is bundled for this build of Python ${version}`);
  }
  return { fits: true, version };
}

interface Facts {
  readonly version: readonly [number, number, number];
  readonly suffixes: readonly string[];
}

async function probe(program: string, cwd: string): Promise<Facts | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["-I", "-S", "-c", PROBE], {
      cwd,
      env: cleanEnvironment(),
      timeout: PROBE_TIMEOUT_MS,
      windowsHide: true,
    });
    return JSON.parse(stdout) as Facts;
  } catch {
    return undefined; // Too old, broken, too slow or no Python at all: to the search that is the same.
  }
}

function refuse(reason: string): Verdict {
  return { fits: false, reason };
}

function isBelow(file: string, folder: string): boolean {
  const way = path.relative(folder, file);
  return way === "" || (!way.startsWith(`..${path.sep}`) && way !== ".." && !path.isAbsolute(way));
}

function realOf(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file; // It does not exist; its name alone is judged.
  }
}
