/** Starts the tests of host/suite.ts inside a real extension host and takes over their results. */
import assert from "node:assert/strict";
import { cpSync } from "node:fs";
import * as path from "node:path";
import { after, before, describe, test } from "node:test";

import { build } from "esbuild";
import { type Browser } from "playwright-core";

import { type Editor, startEditor } from "./code-server.ts";
import { freshFolder, HERE, OUTPUT, ROOT } from "./paths.ts";
import { address, newPage, remote, startBrowser } from "./workbench.ts";

const SUITE = path.join(OUTPUT, "host-suite.js");
const PATIENCE_MS = 360_000;

describe("the extension host", () => {
  let editor: Editor;
  let browser: Browser;
  const folder = freshFolder("host");

  before(async () => {
    const entryPoints = [path.join(HERE, "host/suite.ts")];
    await build({ entryPoints, outfile: SUITE, bundle: true, platform: "node", format: "cjs", external: ["vscode"] });
    for (const name of ["workspace", "expected"]) {
      cpSync(path.join(HERE, name), path.join(folder, name), { recursive: true });
    }
    editor = await startEditor({ name: "host", automated: true });
    browser = await startBrowser();
  });

  after(async () => {
    editor.keepLogs();
    await browser.close();
    await editor.stop();
  });

  test("all of host/suite.ts holds: fixes, notebook, restart, half-typed code, pages, workspace, settings", async () => {
    const lines: string[] = [];
    const code = await runSuite(lines);
    const results = lines.filter((line) => /^test (ok|FAILED) /.test(line));
    assert.equal(code, 0, [...results, ...lines].join("\n"));
    assert.equal(results.length, 9);
    console.log(results.join("\n"));
  });

  async function runSuite(lines: string[]): Promise<number> {
    const page = await newPage(browser);
    await page.exposeFunction("codeAutomationLog", (_type: string, args: unknown[]) => {
      lines.push(args.map(String).join(" "));
    });
    const exit = new Promise<number>((resolve, reject) => {
      setTimeout(reject, PATIENCE_MS, new Error(`no end of the tests; so far:\n${lines.join("\n")}`)).unref();
      void page.exposeFunction("codeAutomationExit", resolve);
    });
    const payload = [
      ["extensionDevelopmentPath", remote(editor, ROOT)],
      ["extensionTestsPath", remote(editor, SUITE)],
    ] as const;
    await page.goto(address(editor, path.join(folder, "workspace"), payload));
    return exit;
  }
});
