/** The panel beside the code: it shows what the server tells, and passes on what is clicked. */
import { randomBytes } from "node:crypto";

import * as vscode from "vscode";

import { type PanelRequest, type ProbeEvent } from "./probeMessages.ts";

/** What a click in the panel does. */
export interface Actions {
  cancel(): void;
  again(): void;
}

/** One panel, which a later probe uses again. */
export class ProbePanel implements vscode.Disposable {
  private panel: vscode.WebviewPanel | undefined;
  private isReady = false;
  /** All of the present probe, for a page that is loaded later. */
  private events: ProbeEvent[] = [];

  constructor(
    private readonly extension: vscode.Uri,
    private readonly actions: Actions,
  ) {}

  /** Shows what is new; the start of a probe opens the panel. */
  show(events: readonly ProbeEvent[]): void {
    const starts = events.some(({ kind }) => kind === "start");
    if (starts) this.events = [];
    this.events.push(...events);
    if (starts) this.open();
    if (this.isReady) void this.panel?.webview.postMessage(events);
  }

  dispose(): void {
    this.panel?.dispose();
  }

  private open(): void {
    if (this.panel !== undefined) {
      this.panel.reveal(undefined, true);
      return;
    }
    const folder = vscode.Uri.joinPath(this.extension, "client", "dist");
    const panel = vscode.window.createWebviewPanel(
      "tricklint.probe",
      "Overfit one batch",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [folder], retainContextWhenHidden: true },
    );
    this.panel = panel;
    panel.onDidDispose(() => {
      this.panel = undefined;
      this.isReady = false;
    });
    panel.webview.onDidReceiveMessage((request: PanelRequest) => {
      this.receive(request);
    });
    panel.webview.html = page(panel.webview, folder);
  }

  private receive(request: PanelRequest): void {
    if (request.kind === "ready") {
      this.isReady = true;
      void this.panel?.webview.postMessage(this.events);
    } else if (request.kind === "open") {
      void openLine(request.uri, request.line);
    } else {
      this.actions[request.kind]();
    }
  }
}

async function openLine(address: string, line: number): Promise<void> {
  const uri = vscode.Uri.parse(address, true);
  if (uri.scheme !== "file") return;
  if (uri.path.endsWith(".ipynb")) {
    // Lines are those of all cells together; the underlines are in the cells.
    await vscode.window.showNotebookDocument(await vscode.workspace.openNotebookDocument(uri));
    return;
  }
  const place = new vscode.Position(line, 0);
  await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(place, place),
  });
}

/** Nothing is loaded but our own script and styles; all texts come later, as texts. */
function page(webview: vscode.Webview, folder: vscode.Uri): string {
  const nonce = randomBytes(18).toString("base64");
  const address = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource}`;
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    "<title>Overfit one batch</title>",
    `<link rel="stylesheet" href="${address("panel.css")}">`,
    "</head>",
    `<body><script nonce="${nonce}" src="${address("panel.js")}"></script></body>`,
    "</html>",
  ].join("\n");
}
