/** What a bug report needs: versions and settings, and nothing of the user's code, names or paths. */
import * as os from "node:os";

import * as vscode from "vscode";

import { SECTION } from "./settings.ts";

/** What is known of the running server. */
export interface ServerInfo {
  readonly label: string;
  readonly version: string;
  readonly lastAnalysis: string;
}

/** A few lines of Markdown. */
export function debugInfo(extensionVersion: string, server: ServerInfo | undefined): string {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const home = os.homedir();
  const lines = {
    extension: extensionVersion,
    editor: `${vscode.env.appName} ${vscode.version} (${vscode.env.appHost}${vscode.env.remoteName ? `, ${vscode.env.remoteName}` : ""})`,
    system: `${process.platform} ${process.arch} ${os.release()}`,
    server: server === undefined ? "not running" : `${server.version}, ${server.label.replaceAll(home, "~")}`,
    "last analysis": server?.lastAnalysis ?? "none",
    trusted: String(vscode.workspace.isTrusted),
    folders: String(vscode.workspace.workspaceFolders?.length ?? 0),
    importStrategy: settings.get<string>("importStrategy", ""),
    "interpreter is set": String(settings.get<string>("interpreter", "") !== ""),
    "path is set": String(settings.get<string>("path", "") !== ""),
  };
  return Object.entries(lines)
    .map(([name, value]) => `- ${name}: ${value}`)
    .join("\n");
}
