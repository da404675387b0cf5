/** The command that probes a script: with which Python, and where the user watches. */
import * as vscode from "vscode";
import { type LanguageClient } from "vscode-languageclient/node";

import { pathCandidates } from "./interpreter.ts";
import { type ProbeMessage } from "./probeMessages.ts";
import { ProbePanel } from "./probePanel.ts";
import { selectedInterpreter } from "./pythonExtension.ts";
import { probeInterpreter, readSettings, SECTION } from "./settings.ts";

/** The server's commands. */
const PROBE = "tricklint.probe";
const CANCEL = "tricklint.cancelProbe";

/** Goes with the first message to the server: it tells live, and a click on the lens runs a probe. */
export const PROBE_OPTIONS = { probe: { events: true } } as const;

/** How a command goes on to the server. */
type Next = (command: string, args: unknown[]) => vscode.ProviderResult<unknown>;

/** Owns the panel. */
export class Prober implements vscode.Disposable {
  private readonly panel: ProbePanel;
  private script: string | undefined;

  constructor(extension: vscode.Uri) {
    this.panel = new ProbePanel(extension, {
      cancel: () => void vscode.commands.executeCommand(CANCEL),
      again: () => {
        if (this.script !== undefined) probe(vscode.Uri.file(this.script), { again: true });
      },
    });
  }

  /** Listens to a server. */
  listen(client: LanguageClient): void {
    client.onNotification("tricklint/probe", ({ script, events }: ProbeMessage) => {
      this.script = script;
      this.panel.show(events);
    });
  }

  /** Lays what only the editor knows beside the arguments of the command. */
  async execute(command: string, args: unknown[], next: Next): Promise<unknown> {
    if (command !== PROBE) return next(command, args);
    const [uri, more] = args;
    const options = { ...(more as object | undefined), ...(await surroundings(uri)) };
    return next(command, [uri, options]);
  }

  dispose(): void {
    this.panel.dispose();
  }
}

/** Probes what is in front: a script or a notebook. */
export function probeActiveFile(): void {
  const uri = vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri;
  if (uri !== undefined) probe(uri, {});
}

function probe(uri: vscode.Uri, options: object): void {
  void vscode.commands.executeCommand(PROBE, uri.toString(), options);
}

async function surroundings(uri: unknown): Promise<object> {
  if (!vscode.workspace.isTrusted) return { trusted: false };
  const scope = typeof uri === "string" ? vscode.Uri.parse(uri) : null;
  const settings = vscode.workspace.getConfiguration(SECTION, scope);
  // The script needs the user's own Python; which one runs the server is another question.
  const python =
    probeInterpreter() ?? (await selectedInterpreter()) ?? readSettings().interpreter ?? pathCandidates()[0]?.path;
  return { trusted: true, python: python ?? "", arguments: settings.get<string[]>("probe.arguments", []) };
}
