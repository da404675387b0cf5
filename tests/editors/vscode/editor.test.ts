/** What a user sees: the packaged extension in a real workbench, from squiggle to saved file and back. */
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";

import { type Browser } from "playwright-core";

import { type Editor, startEditor } from "./code-server.ts";
import { freshFolder, HERE, ROOT, vsix } from "./paths.ts";
import { newPage, startBrowser, Workbench } from "./workbench.ts";

const MISTAKE = "criterion(torch.softmax(logits, dim=1), labels)";

describe("the editor", () => {
  let editor: Editor;
  let browser: Browser;
  let folder: string;

  before(async () => {
    editor = await startEditor({ name: "editor", vsix: vsix() });
    browser = await startBrowser();
    folder = path.join(freshFolder("workspace"), "project");
    cpSync(path.join(HERE, "workspace"), folder, { recursive: true });
  });

  after(async () => {
    editor.keepLogs();
    await browser.close();
    await editor.stop();
  });

  test("a mistake is underlined, explained, fixed, saved, and comes back on undo", async () => {
    const page = await newPage(browser);
    const bench = await Workbench.open(page, editor, folder, "train.py");
    try {
      await bench.squiggles.first().waitFor();
      assert.equal(await bench.squiggles.count(), 1);
      assert.equal(await bench.textUnder(bench.squiggles.first()), MISTAKE);

      const message = "`criterion` applies log_softmax itself";
      await bench.hoverOver(bench.squiggles.first(), message, "TRK004", summaryOf("softmax_before_cross_entropy"));

      const fixes = await bench.openQuickFixes(bench.squiggles.first());
      await fixes.first().click();
      await bench.squiggles.first().waitFor({ state: "detached" });

      await bench.save("train.py");
      const expected = readFileSync(path.join(HERE, "expected/train.py"));
      assert.deepEqual(readFileSync(path.join(folder, "train.py")), expected);

      await page.keyboard.press("Control+z");
      await bench.squiggles.first().waitFor();
      assert.equal(await bench.textUnder(bench.squiggles.first()), MISTAKE);
    } catch (error) {
      await bench.screenshot("editor-failed");
      throw error;
    }
    await page.close();
  });

  test("the sample of the README shows its three mistakes", async () => {
    const sample = path.join(freshFolder("sample"), "digits");
    cpSync(path.join(ROOT, "docs/sample"), sample, { recursive: true });
    const bench = await Workbench.open(await newPage(browser, 1280, 1200), editor, sample, "train.py");
    try {
      await bench.squiggles.nth(2).waitFor();
      const texts = await Promise.all((await bench.squiggles.all()).map((squiggle) => bench.textUnder(squiggle)));
      assert.deepEqual(texts.sort(), [
        "criterion(model(images), labels)",
        "loss.backward()",
        "tokens.view(batch, self.n_heads, rows, 16)",
      ]);
    } catch (error) {
      await bench.screenshot("sample-failed");
      throw error;
    }
  });
});

/** The first line of a rule's page. */
function summaryOf(rule: string): string {
  const source = readFileSync(path.join(ROOT, `server/tricklint/rules/${rule}.py`), "utf8");
  const summary = /^"""(.+)$/m.exec(source)?.[1];
  assert.ok(summary, `${rule} has no page`);
  return summary;
}

describe("an editor without any Python", () => {
  test("says so once, with a way on", async () => {
    const editor = await startEditor({ name: "no-python", vsix: vsix(), path: [freshFolder("empty")] });
    const browser = await startBrowser();
    const bench = await Workbench.open(await newPage(browser), editor, path.join(HERE, "workspace"), "train.py");
    try {
      const message = bench.page.locator(".notification-toast").filter({ hasText: "no Python 3.10 or newer" });
      await message.first().waitFor();
      assert.equal(await message.count(), 1);
      await message.getByRole("button", { name: "Choose Python" }).click();
      await bench.page.locator(".settings-editor").getByText("Interpreter").first().waitFor();
    } catch (error) {
      await bench.screenshot("no-python-failed");
      throw error;
    } finally {
      editor.keepLogs();
      await browser.close();
      await editor.stop();
    }
  });
});
