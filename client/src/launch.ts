/** How the server is started: which program, with which arguments. */
import * as path from "node:path";

import * as vscode from "vscode";

import { type Candidate, findInterpreter, liesIn, pathCandidates } from "./interpreter.ts";
import { selectedInterpreter } from "./pythonExtension.ts";
import { readSettings, type Settings, workspaceFolders } from "./settings.ts";

/** A program to start; `label` is for people. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly label: string;
}

/** Where the extension is installed, and a folder of its own outside of any workspace. */
export interface Places {
  readonly extension: string;
  readonly cwd: string;
}

/** Decides on the launch by settings, trust and what is installed; `undefined` when nothing can run the server. */
export async function planLaunch(places: Places, log: vscode.LogOutputChannel): Promise<Launch | undefined> {
  const settings = readSettings();
  const forbidden = vscode.workspace.isTrusted ? [] : workspaceFolders();
  if (settings.path !== undefined) {
    if (!liesIn(settings.path, forbidden)) return ownProgram(settings.path);
    log.warn(`tricklint.path is not used: ${settings.path} lies in a folder that is not trusted`);
  }
  const bundled = path.join(places.extension, "bundled");
  const useBundled = settings.importStrategy === "useBundled";
  const natives = useBundled ? path.join(bundled, "libs", "libcst") : undefined;
  const python = await findInterpreter(
    candidates(settings),
    { forbidden, natives, cwd: places.cwd },
    (candidate, reason) => {
      log.warn(`not used: ${candidate.path} (${candidate.source}): ${reason}`);
    },
  );
  if (python === undefined) return undefined;
  return {
    command: python.path,
    args: useBundled ? ["-I", "-S", path.join(bundled, "launcher.py")] : ["-I", "-m", "tricklint", "server"],
    label: `Python ${python.version} (${python.source})${useBundled ? "" : ", its own tricklint"}`,
  };
}

/** Whether two launches start the same thing. */
export function sameLaunch(one: Launch | undefined, other: Launch | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function ownProgram(program: string): Launch {
  return { command: program, args: ["server"], label: `${program} (tricklint.path)` };
}

async function* candidates(settings: Settings): AsyncGenerator<Candidate> {
  if (settings.interpreter !== undefined) yield { path: settings.interpreter, source: "tricklint.interpreter" };
  const selected = await selectedInterpreter();
  if (selected !== undefined) yield { path: selected, source: "Python extension" };
  yield* pathCandidates();
}
