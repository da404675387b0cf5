/** The pages of the rules, shown inside of the editor; they come from the server, so they need no net. */
import * as vscode from "vscode";

/** What the server says about one rule. */
export interface Page {
  /** Its code and its name. */
  readonly title: string;
  readonly text: string;
}

const SCHEME = "tricklint";
export const EXPLAIN = "tricklint.explain";

/** Shows pages as read-only documents. */
export class Pages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly registration: vscode.Disposable;
  private known: readonly Page[] = [];

  constructor(private readonly load: () => Promise<readonly Page[] | undefined>) {
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Opens the page of a rule, by its code or name; without one, lets the user choose. */
  async show(rule?: string): Promise<void> {
    const known = await this.load();
    if (known === undefined) return;
    this.known = known;
    const titles = known.map(({ title }) => title);
    const title =
      titles.find((one) => rule !== undefined && one.split(" ").includes(rule)) ??
      (await vscode.window.showQuickPick(titles, { placeHolder: "Which rule?" }));
    if (title === undefined) return;
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${title}.md` });
    try {
      await vscode.commands.executeCommand("markdown.showPreview", uri);
    } catch {
      await vscode.window.showTextDocument(uri); // The Markdown extension is switched off.
    }
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.known.find(({ title }) => uri.path === `/${title}.md`)?.text ?? "There is no such rule.";
  }

  dispose(): void {
    this.registration.dispose();
  }
}

/** Lets the code of each finding open its page here instead of in a browser. */
export function linkToPages(diagnostics: readonly vscode.Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    const { code } = diagnostic;
    if (typeof code !== "object") continue;
    const rule = encodeURIComponent(JSON.stringify([String(code.value)]));
    diagnostic.code = { value: code.value, target: vscode.Uri.parse(`command:${EXPLAIN}?${rule}`) };
  }
}
