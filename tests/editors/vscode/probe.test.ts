/** A probe as a user sees it: a click above the loop, a question, a curve that grows, links to lines, squiggles. */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";

import { type Browser, type FrameLocator, type Page } from "playwright-core";

import { type Editor, startEditor } from "./code-server.ts";
import { environment, freshFolder, vsix } from "./paths.ts";
import { newPage, startBrowser, Workbench } from "./workbench.ts";

// The rules find the missing zero_grad; that the layer is a softmax only a run can know.
const SCRIPT = `import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
inputs = torch.randn(64, 8)
loader = DataLoader(TensorDataset(inputs, (inputs[:, 0] > 0).long()), batch_size=16, shuffle=True)
model = nn.Sequential(nn.Linear(8, 2), eval("nn.Softmax(1)"))
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
criterion = nn.CrossEntropyLoss()
for epoch in range(50):
    for images, labels in loader:
        loss = criterion(model(images), labels)
        loss.backward()
        optimizer.step()
        torch.save(model.state_dict(), "<b>best<b>.pt")
`;

describe("a probe", () => {
  let editor: Editor;
  let browser: Browser;
  const folder = path.join(freshFolder("probe"), "project");

  before(async () => {
    mkdirSync(folder);
    writeFileSync(path.join(folder, "train.py"), SCRIPT);
    editor = await startEditor({
      name: "probe",
      vsix: vsix(),
      settings: { "tricklint.probe.interpreter": environment() },
    });
    browser = await startBrowser();
  });

  after(async () => {
    editor.keepLogs();
    await browser.close();
    await editor.stop();
  });

  test("is started above the loop, asks first, and shows curve, verdict and findings", async () => {
    const page = await newPage(browser, 1600, 1000);
    const bench = await Workbench.open(page, editor, folder, "train.py");
    try {
      await bench.squiggles.first().waitFor();
      await page.locator(".codelens-decoration a", { hasText: "Overfit one batch" }).first().click();
      await answer(page, "no sandbox", "Run It");
      const panel = page.frameLocator("iframe.webview.ready").frameLocator("#active-frame");
      await shows(panel, ".verdict", "floor of softmax: The loss went from");
      await shows(panel, "h1", "Overfit one batch: train.py");
      await panel.locator("#chart canvas").waitFor();
      await shows(panel, "section", "TRK004 softmax-before-cross-entropy");
      await shows(panel, "section", "confirmed TRK003 missing-zero-grad");
      // What the script names is text and nothing else.
      await shows(panel, "section", "<b>best<b>.pt");
      assert.equal(await panel.locator("b").count(), 0);
      await bench.screenshot("probe");

      await panel.locator("button.link", { hasText: "train.py:13" }).first().click();
      await page.locator(".cursors-layer .cursor").first().waitFor();
      await page.getByRole("button", { name: /^Ln 13, Col 1/ }).waitFor();

      await bench.squiggles.nth(1).waitFor();
      await bench.hoverOver(bench.squiggles.first(), "tricklint probe", "TRK004");
    } catch (error) {
      await bench.screenshot("probe-failed");
      throw error;
    }
    await page.close();
  });
});

/** Waits for a message with such a text, and clicks one of its buttons. */
async function answer(page: Page, text: string, choice: string): Promise<void> {
  const message = page.locator(".notification-list-item", { hasText: text });
  await message.first().waitFor();
  await message.locator(".monaco-button", { hasText: choice }).first().click();
}

async function shows(panel: FrameLocator, selector: string, text: string): Promise<void> {
  await panel.locator(selector, { hasText: text }).first().waitFor();
}
