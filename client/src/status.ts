/** The entry in the editor's language status: which Python runs the server, or why none does. */
import * as vscode from "vscode";

/** Shown for Python documents only. */
export class Status implements vscode.Disposable {
  private readonly item: vscode.LanguageStatusItem;

  constructor(selector: vscode.DocumentSelector) {
    this.item = vscode.languages.createLanguageStatusItem("tricklint.server", selector);
    this.item.name = "tricklint";
    this.item.command = { title: "Show Log", command: "tricklint.showLog" };
  }

  busy(): void {
    this.item.busy = true;
    this.say("tricklint is starting", "", vscode.LanguageStatusSeverity.Information);
  }

  running(launch: string): void {
    this.item.busy = false;
    this.say("tricklint", launch, vscode.LanguageStatusSeverity.Information);
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
