/** What a user sees: the packaged extension in a real workbench, from squiggle to saved file and back. */
import assert from "node:assert/strict";
import { cpSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";

import { type Browser } from "playwright-core";

import { type Editor, startEditor } from "./code-server.ts";
import { freshFolder, HERE, vsix } from "./paths.ts";
import { newPage, startBrowser, Workbench } from "./workbench.ts";

const MISTAKE = "torch.softmax(logits, dim=1)";

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

      const hover = await bench.hoverOver(bench.squiggles.first(), "TRK004");
      assert.match(hover, /criterion/);
      assert.match(hover, /softmax-before-cross-entropy/);

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
});
