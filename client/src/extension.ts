/** The extension: one language server for the window, its commands, and the moments that call for a new server. */
import { readFileSync } from "node:fs";

import * as vscode from "vscode";

import { debugInfo } from "./debugInfo.ts";
import { EXPLAIN, type Page, Pages } from "./pages.ts";
import { probeActiveFile } from "./probe.ts";
import { onPythonSelected } from "./pythonExtension.ts";
import { Session } from "./session.ts";
import { PROGRAM_SETTINGS, SECTION } from "./settings.ts";

let session: Session | undefined;

/** Called by the editor when the first Python file or notebook opens. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel("tricklint", { log: true });
  const current = new Session(context, log);
  session = current;
  const pages = new Pages(() => current.ask<readonly Page[]>("tricklint.pages"));
  context.subscriptions.push(
    log,
    current,
    pages,
    vscode.commands.registerCommand(EXPLAIN, (rule?: unknown) => pages.show(typeof rule === "string" ? rule : undefined)),
    vscode.commands.registerCommand("tricklint.checkAll", () => checkAll(current)),
    vscode.commands.registerCommand("tricklint.openSample", () => openSample(context)),
    vscode.commands.registerCommand("tricklint.copyDebugInfo", async () => {
      const { version } = context.extension.packageJSON as { version: string };
      await vscode.env.clipboard.writeText(debugInfo(version, current.server));
      void vscode.window.showInformationMessage("tricklint: copied. It holds versions and settings, no code and no names.");
    }),
    vscode.commands.registerCommand("tricklint.probeFile", probeActiveFile),
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

/** The server shows a bar meanwhile; what it found stands among the problems. */
async function checkAll(current: Session): Promise<void> {
  const result = await current.ask<{ checked: number; files: number }>("tricklint.checkWorkspace");
  if (result === undefined) return;
  const { checked, files } = result;
  const of = checked < files ? ` of ${files.toString()}` : "";
  void vscode.window.showInformationMessage(`tricklint checked ${checked.toString()}${of} files.`, "Show Problems").then((choice) => {
    if (choice !== undefined) void vscode.commands.executeCommand("workbench.actions.view.problems");
  });
}

/** The sample of the walkthrough, as a text of its own that is not saved anywhere. */
async function openSample(context: vscode.ExtensionContext): Promise<void> {
  const content = readFileSync(context.asAbsolutePath("docs/sample/train.py"), "utf8");
  const document = await vscode.workspace.openTextDocument({ language: "python", content });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}
