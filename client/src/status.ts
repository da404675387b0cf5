/** The entry in the editor's language status: which server runs, on which Python, how fast, or why none does. */
import * as vscode from "vscode";

/** Shown for Python documents only. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;
  private launch = "";

  /** How long the last analysis took, in words. */
  lastAnalysis = "none";

  constructor(selector: vscode.DocumentSelector) {
    this.item = vscode.languages.createLanguageStatusItem("tricklint.server", selector);
    this.item.name = "tricklint";
    this.item.command = { title: "Show Log", command: "tricklint.showLog" };
  }

  busy(): void {
    this.item.busy = true;
    this.say("tricklint is starting", "", vscode.LanguageStatusSeverity.Information);
  }

  running(version: string, launch: string): void {
    this.item.busy = false;
    this.launch = launch;
    this.say(`tricklint ${version}`, launch, vscode.LanguageStatusSeverity.Information);
  }

  /** An analysis ended after so long. */
  analysed(milliseconds: number): void {
    this.lastAnalysis = `${milliseconds < 10 ? milliseconds.toFixed(1) : milliseconds.toFixed(0)} ms`;
    this.item.detail = `${this.launch}, last analysis ${this.lastAnalysis}`;
  }

  failed(reason: string): void {
    this.item.busy = false;
    this.say("tricklint is not running", reason, vscode.LanguageStatusSeverity.Error);
  }

  dispose(): void {
    this.item.dispose();
  }

  private say(text: string, detail: string, severity: vscode.LanguageStatusSeverity): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
  }
}
