/** What the Python extension, where the user has it, says about the selected environment. */
import { PVSC_EXTENSION_ID, PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

import { withTimeout } from "./timeout.ts";

// Finding environments can hang for minutes on network drives; the server does not wait for that.
const PATIENCE_MS = 5_000;

/** The interpreter selected for the first folder, or `undefined` when there is no one to ask or no answer in time. */
export async function selectedInterpreter(): Promise<string | undefined> {
  return withTimeout(PATIENCE_MS, askForInterpreter());
}

/** Calls `changed` whenever another environment is selected, as soon as there is a Python extension to ask. */
export function onPythonSelected(changed: () => void): vscode.Disposable {
  const subscriptions: vscode.Disposable[] = [];
  const subscribe = async (): Promise<void> => {
    const api = await connect();
    if (api !== undefined) subscriptions.push(api.environments.onDidChangeActiveEnvironmentPath(changed));
  };
  subscriptions.push(vscode.workspace.onDidGrantWorkspaceTrust(() => void subscribe()));
  void subscribe();
  return new vscode.Disposable(() => {
    for (const subscription of subscriptions) subscription.dispose();
  });
}

async function askForInterpreter(): Promise<string | undefined> {
  const api = await connect();
  if (api === undefined) return undefined;
  const folder = vscode.workspace.workspaceFolders?.[0];
  const selected = api.environments.getActiveEnvironmentPath(folder?.uri);
  const environment = await api.environments.resolveEnvironment(selected);
  return environment?.executable.uri?.fsPath;
}

async function connect(): Promise<PythonExtension | undefined> {
  // Asking would activate the Python extension, which looks into the folder: only a trusted one may cause that.
  if (!vscode.workspace.isTrusted || vscode.extensions.getExtension(PVSC_EXTENSION_ID) === undefined) return undefined;
  try {
    return await PythonExtension.api();
  } catch {
    return undefined; // It failed to start; the search goes on without it.
  }
}
