/** Takes the README's picture: the sample with its mistakes, and the pointer on one of them. `npm run screenshot` */
import { cpSync } from "node:fs";
import * as path from "node:path";

import { startEditor } from "./code-server.ts";
import { freshFolder, ROOT, vsix } from "./paths.ts";
import { newPage, startBrowser, Workbench } from "./workbench.ts";

const MISTAKES = 3;
const FIRST_LINE = 9;
const SETTINGS = {
  "workbench.colorTheme": "Default Dark Modern",
  "workbench.activityBar.location": "hidden",
  "workbench.layoutControl.enabled": false,
  "window.commandCenter": false,
  "breadcrumbs.enabled": false,
  "editor.fontSize": 15,
  "editor.lineHeight": 23,
  "editor.matchBrackets": "never",
  "editor.occurrencesHighlight": "off",
  "editor.renderLineHighlight": "none",
  "editor.hover.above": false,
};

const folder = path.join(freshFolder("sample"), "digits");
cpSync(path.join(ROOT, "docs/sample"), folder, { recursive: true });
const editor = await startEditor({ name: "screenshot", vsix: vsix(), settings: SETTINGS });
const browser = await startBrowser();
const page = await newPage(browser, 1060, 920);
const bench = await Workbench.open(page, editor, folder, "train.py");
try {
  await bench.squiggles.nth(MISTAKES - 1).waitFor();
  await page.keyboard.press("Control+b");
  await page.locator(".part.sidebar").waitFor({ state: "hidden" });
  // Past the imports, so that there is room for the hover below the last mistake.
  await page.mouse.click(900, 300);
  for (let line = 1; line < FIRST_LINE; line += 1) await page.keyboard.press("Control+ArrowDown");
  await page.locator(".line-numbers").getByText(String(FIRST_LINE - 1), { exact: true }).waitFor({ state: "detached" });
  await bench.hoverOver(bench.squiggles.last(), "TRK003", "What", "Why");
  await page.screenshot({ path: path.join(ROOT, "docs/images/editor.png") });
} catch (error) {
  await bench.screenshot("screenshot-failed");
  throw error;
} finally {
  await browser.close();
  await editor.stop();
}
