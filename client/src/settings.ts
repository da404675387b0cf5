/** The settings that decide which program runs. */
import * as path from "node:path";

import * as vscode from "vscode";

export const SECTION = "tricklint";

/** Settings that name a program; package.json restricts the same ones in untrusted workspaces. */
export const PROGRAM_SETTINGS = ["interpreter", "path", "importStrategy"] as const;

export type ImportStrategy = "useBundled" | "fromEnvironment";

/** What the user chose; an empty choice is `undefined`, a relative path is made absolute. */
export interface Settings {
  readonly interpreter: string | undefined;
  readonly path: string | undefined;
  readonly importStrategy: ImportStrategy;
}

/** Reads the settings; the editor itself leaves out what an untrusted workspace says about restricted ones. */
export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration(SECTION);
  return {
    interpreter: absolute(configuration.get<string>("interpreter", "")),
    path: absolute(configuration.get<string>("path", "")),
    importStrategy: configuration.get<ImportStrategy>("importStrategy", "useBundled"),
  };
}

/** The folders of the workspace that are on disk. */
export function workspaceFolders(): readonly string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === "file")
    .map((folder) => folder.uri.fsPath);
}

/** The Python that has the user's torch; empty: whichever is selected. */
export function probeInterpreter(): string | undefined {
  return absolute(vscode.workspace.getConfiguration(SECTION).get<string>("probe.interpreter", ""));
}

function absolute(value: string): string | undefined {
  const trimmed = value.trim();
  if (trimmed === "") return undefined;
  return path.resolve(workspaceFolders()[0] ?? "/", trimmed);
}
