/** The workbench in a browser page, and what a person does there. */
import * as path from "node:path";

import { chromium as browsers, type Browser, type Locator, type Page } from "playwright-core";

import { type Editor } from "./code-server.ts";
import { chromium, OUTPUT } from "./paths.ts";

/** How long anything in the editor may take before the test gives up. */
export const PATIENCE_MS = 120_000;

const CHROMIUM_FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

export async function startBrowser(): Promise<Browser> {
  return browsers.launch({ executablePath: chromium(), args: CHROMIUM_FLAGS });
}

/** A page without network but for the editor. */
export async function newPage(browser: Browser, width = 1280, height = 800): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor: 1.5 });
  await context.route(
    (url) => url.protocol.startsWith("http") && url.hostname !== "127.0.0.1",
    (route) => route.abort(),
  );
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  return page;
}

/** The address that opens a folder, and what else the workbench is told. */
export function address(editor: Editor, folder: string, payload: readonly (readonly [string, string])[] = []): string {
  const query = new URLSearchParams({ folder, payload: JSON.stringify(payload) });
  return `http://127.0.0.1:${editor.port}/?${query.toString()}`;
}

/** How the workbench names a file or folder of the machine that the editor runs on. */
export function remote(editor: Editor, file: string): string {
  return `vscode-remote://127.0.0.1:${editor.port}${file}`;
}

/** One open workbench. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens a folder and one of its files. */
  static async open(page: Page, editor: Editor, folder: string, file: string): Promise<Workbench> {
    await page.goto(address(editor, folder, [["openFile", remote(editor, path.join(folder, file))]]));
    await page.locator(".monaco-workbench .part.editor .view-line").first().waitFor();
    return new Workbench(page);
  }

  /** The squiggles of every severity. */
  get squiggles(): Locator {
    return this.page.locator(".squiggly-error, .squiggly-warning, .squiggly-info");
  }

  get hover(): Locator {
    return this.page.locator(".monaco-hover:not(.hidden)");
  }

  /** The characters that a squiggle lies under. */
  async textUnder(squiggle: Locator): Promise<string> {
    return squiggle.evaluate((mark) => {
      const { left, right, top } = mark.getBoundingClientRect();
      const editor = mark.closest(".monaco-editor") ?? document.body;
      let text = "";
      for (const line of editor.querySelectorAll(".view-line")) {
        const box = line.getBoundingClientRect();
        if (top < box.top - 1 || top >= box.bottom - 1) continue;
        const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const characters = node.textContent ?? "";
          for (let index = 0; index < characters.length; index += 1) {
            const range = document.createRange();
            range.setStart(node, index);
            range.setEnd(node, index + 1);
            const at = range.getBoundingClientRect();
            const middle = (at.left + at.right) / 2;
            if (middle > left && middle < right) text += characters.charAt(index);
          }
        }
      }
      return text.replaceAll("\u00a0", " ");
    });
  }

  /** Points at a squiggle and waits until the box that opens holds all of these; its parts come one by one. */
  async hoverOver(squiggle: Locator, ...texts: readonly string[]): Promise<void> {
    const box = await boxOf(squiggle);
    await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    const shown = texts.reduce((hover, hasText) => hover.filter({ hasText }), this.hover);
    await shown.first().waitFor();
  }

  /** Puts the cursor into a squiggle, opens the light bulb's menu, and gives its rows. */
  async openQuickFixes(squiggle: Locator): Promise<Locator> {
    const box = await boxOf(squiggle);
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    // The menu closes again when it opens while a hover is shown, so the mouse leaves first.
    await this.page.mouse.move(2, 2);
    await this.hover.first().waitFor({ state: "hidden" });
    const rows = this.page.locator(".context-view .action-widget .monaco-list-row.action");
    for (let tries = 0; tries < 6; tries += 1) {
      await this.page.keyboard.press("Control+.");
      const shown = await rows.first().waitFor({ timeout: 5_000 }).then(() => true, () => false);
      if (shown) return rows;
    }
    throw new Error("the light bulb's menu did not open");
  }

  async save(file: string): Promise<void> {
    await this.page.keyboard.press("Control+s");
    await this.page.locator(`.tab[data-resource-name="${file}"]:not(.dirty)`).waitFor();
  }

  /** Keeps a picture of the page under tests/output/. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(OUTPUT, `${name}.png`) });
  }
}

async function boxOf(element: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await element.boundingBox();
  if (box === null) throw new Error("the element is not on the screen");
  return box;
}
