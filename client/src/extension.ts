/** The extension: one language server for the window, two commands, and the moments that call for a new server. */
import * as vscode from "vscode";

import { onPythonSelected } from "./pythonExtension.ts";
import { Session } from "./session.ts";
import { PROGRAM_SETTINGS, SECTION } from "./settings.ts";

let session: Session | undefined;

/** Called by the editor when the first Python file or notebook opens. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("tricklint", { log: true });
  const current = new Session(context, log);
  session = current;
  context.subscriptions.push(
    log,
    current,
    vscode.commands.registerCommand("tricklint.restart", () => current.restart()),
    vscode.commands.registerCommand("tricklint.showLog", () => {
      log.show();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (PROGRAM_SETTINGS.some((name) => change.affectsConfiguration(`${SECTION}.${name}`))) void current.refresh();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void current.refresh()),
    onPythonSelected(() => void current.refresh()),
  );
  void current.refresh();
}

/** Called by the editor before it ends; the server has to be gone afterwards. */
export async function deactivate(): Promise<void> {
  await session?.stop();
}
