/** Runs inside the editor's extension host: what the extension does, seen through the editor's own interface. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as path from "node:path";

import * as vscode from "vscode";

const PATIENCE_MS = 120_000;
const TESTS = {
  fixesAFile,
  fixesANotebookCell,
  keepsFindingAfterRestart,
  findsMistakesBesideHalfTypedCode,
  fixesAllOnRequest,
  showsThePageOfARule,
  checksTheWholeFolder,
  underlinesAWrongSetting,
  copiesDebugInfoWithoutPaths,
};

const MISTAKE = "criterion(torch.softmax(logits, dim=1), labels)";
const ANOTHER_MISTAKE = `

def evaluate(logits: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    criterion = nn.CrossEntropyLoss()
    return criterion(torch.softmax(logits, dim=1), labels)
`;

/** The editor calls this; a rejection fails the run. */
export async function run(): Promise<void> {
  let failed = 0;
  for (const [name, body] of Object.entries(TESTS)) {
    try {
      await body();
      console.log(`test ok ${name}`);
    } catch (error) {
      failed += 1;
      console.log(`test FAILED ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  if (failed > 0) throw new Error(`${failed} failed`);
}

async function fixesAFile(): Promise<void> {
  const document = await open("train.py");
  const [finding] = await findings(document.uri, 1);
  assert.ok(finding);
  assert.equal(document.getText(finding.range), MISTAKE);
  assert.equal(codeOf(finding), "TRK004");
  await applyPreferredFix(document.uri, finding.range);
  await findings(document.uri, 0);
  await document.save();
  const expected = path.join(path.dirname(document.uri.fsPath), "../expected/train.py");
  assert.equal(readFileSync(document.uri.fsPath, "utf8"), readFileSync(expected, "utf8"));
  await vscode.commands.executeCommand("undo");
  await findings(document.uri, 1);
}

async function fixesANotebookCell(): Promise<void> {
  const notebook = await vscode.workspace.openNotebookDocument(file("train.ipynb"));
  await vscode.window.showNotebookDocument(notebook);
  const cell = notebook.cellAt(2).document;
  const [finding] = await findings(cell.uri, 1);
  assert.ok(finding);
  assert.equal(cell.getText(finding.range), MISTAKE);
  await applyPreferredFix(cell.uri, finding.range);
  await findings(cell.uri, 0);
  await notebook.save();
  assert.ok(readFileSync(notebook.uri.fsPath, "utf8").includes('"    criterion(logits, labels).backward()\\n"'));
}

async function keepsFindingAfterRestart(): Promise<void> {
  const document = await open("train.py");
  await findings(document.uri, 1);
  await vscode.commands.executeCommand("tricklint.restart");
  await findings(document.uri, 1);
}

async function findsMistakesBesideHalfTypedCode(): Promise<void> {
  const document = await open("train.py");
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(12, 0), "            if loss.item( >\n");
  edit.insert(document.uri, new vscode.Position(document.lineCount, 0), ANOTHER_MISTAKE);
  await vscode.workspace.applyEdit(edit);
  await findings(document.uri, 2);
  await vscode.commands.executeCommand("undo");
  await findings(document.uri, 1);
}

async function fixesAllOnRequest(): Promise<void> {
  const document = await open("train.py");
  await findings(document.uri, 1);
  const before = document.getText();
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    new vscode.Range(0, 0, document.lineCount, 0),
    "source.fixAll.tricklint",
    10,
  );
  assert.equal(actions.length, 1);
  assert.ok(actions[0]?.edit, "the action has no edit");
  assert.ok(await vscode.workspace.applyEdit(actions[0].edit));
  await findings(document.uri, 0);
  await vscode.commands.executeCommand("undo");
  assert.equal(document.getText(), before);
}

async function showsThePageOfARule(): Promise<void> {
  const document = await open("train.py");
  const [finding] = await findings(document.uri, 1);
  const code = finding?.code;
  assert.ok(typeof code === "object");
  assert.equal(decodeURIComponent(code.target.toString()), 'command:tricklint.explain?["TRK004"]');
  await vscode.commands.executeCommand("tricklint.explain", "TRK004");
  const title = "TRK004 softmax-before-cross-entropy";
  const page = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: "tricklint", path: `/${title}.md` }));
  assert.ok(page.getText().startsWith(`# ${title}`));
  assert.ok(page.getText().includes("## Why"));
}

async function checksTheWholeFolder(): Promise<void> {
  const uri = file("never_opened.py");
  const document = await open("train.py");
  await vscode.workspace.fs.writeFile(uri, Buffer.from(document.getText()));
  const result = await vscode.commands.executeCommand<{ findings: number }>("tricklint.checkWorkspace");
  assert.ok(result.findings > 0);
  assert.ok((await findings(uri, vscode.languages.getDiagnostics(uri).length)).length > 0);
  await vscode.workspace.fs.delete(uri);
  await findings(uri, 0);
}

async function underlinesAWrongSetting(): Promise<void> {
  const uri = file("tricklint.toml");
  await vscode.workspace.fs.writeFile(uri, Buffer.from('slect = ["TRK"]\n'));
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri));
  const [finding] = await findings(uri, 1);
  assert.ok(finding?.message.includes("did you mean `select`"));
  await vscode.workspace.fs.delete(uri);
  await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
}

async function copiesDebugInfoWithoutPaths(): Promise<void> {
  await vscode.commands.executeCommand("tricklint.copyDebugInfo");
  const text = await vscode.env.clipboard.readText();
  assert.match(text, /- extension: \d/);
  assert.match(text, /- server: \d+\.\d+\.\d+, Python/);
  assert.match(text, /- last analysis: [\d.]+ ms/);
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder);
  assert.ok(!text.includes(folder.uri.fsPath));
}

async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file(name));
  await vscode.window.showTextDocument(document);
  return document;
}

function file(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, "no folder is open");
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Waits until a document has so many findings of ours. */
async function findings(uri: vscode.Uri, count: number): Promise<vscode.Diagnostic[]> {
  const ours = (): vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(uri).filter(({ source }) => source === "tricklint");
  let stop = (): void => undefined;
  const reached = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`${path.basename(uri.path)} has ${ours().length} findings, not ${count}`));
    }, PATIENCE_MS);
    const look = (): void => {
      if (ours().length === count) resolve();
    };
    const listener = vscode.languages.onDidChangeDiagnostics(look);
    stop = () => {
      clearTimeout(timer);
      listener.dispose();
    };
    look();
  });
  try {
    await reached;
  } finally {
    stop();
  }
  return ours();
}

async function applyPreferredFix(uri: vscode.Uri, range: vscode.Range): Promise<void> {
  const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
    100, // how many to resolve, so that their edits are there
  );
  const preferred = actions.filter((action) => action.isPreferred === true);
  assert.equal(preferred.length, 1, `preferred among: ${actions.map(({ title }) => title).join("; ")}`);
  const edit = preferred[0]?.edit;
  assert.ok(edit, "the fix has no edit");
  assert.ok(await vscode.workspace.applyEdit(edit));
}

function codeOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}
