/** Opening a folder runs nothing of it. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";

import { startEditor } from "./code-server.ts";
import { live } from "./lsp.ts";
import { pythons, vsix } from "./paths.ts";
import { layTraps, type Traps } from "./traps.ts";
import { bundledServer, unpackExtension } from "./unpacked.ts";
import { newPage, PATIENCE_MS, startBrowser, Workbench } from "./workbench.ts";

describe("a hostile folder", () => {
  const extension = unpackExtension();

  test("springs its traps when Python runs there as it does by default", () => {
    const traps = layTraps();
    const env = { PYTHONPATH: traps.modules.join(":") };
    execFileSync("python3", ["-c", "import libcst, torch"], { cwd: traps.folder, env });
    assert.deepEqual(traps.sprung(), ["sitecustomize.py", "usercustomize.py", "libcst.py", "shadow/torch.py"]);
  });

  for (const [version, python] of pythons()) {
    test(`springs none through the launcher on Python ${version}`, async () => {
      const traps = layTraps();
      const env = { PATH: `${traps.programs}:/usr/bin:/bin`, PYTHONPATH: traps.modules.join(":") };
      // The folder being current is worse than what the client does.
      const life = await live(bundledServer(extension, python, traps.folder, env), traps.folder, traps.file);
      assert.deepEqual(life.published.diagnostics.map(({ code }) => code), ["TRK004"]);
      assert.deepEqual(traps.sprung(), []);
    });
  }

  test("springs none in Restricted Mode, where findings still show; trusting it lets its settings count", async () => {
    const traps = layTraps();
    const path = [traps.programs, "/usr/bin", "/bin"];
    const editor = await startEditor({ name: "hostile", vsix: vsix(), trust: true, path });
    const browser = await startBrowser();
    const bench = await Workbench.open(await newPage(browser), editor, traps.folder, "train.py");
    try {
      await bench.squiggles.first().waitFor();
      await bench.page.getByText("Restricted Mode", { exact: true }).first().waitFor();
      assert.equal(await bench.textUnder(bench.squiggles.first()), "criterion(torch.softmax(logits, dim=1), labels)");
      assert.deepEqual(traps.sprung(), []);

      await trustFolder(bench);
      await untilSprung(traps);
    } catch (error) {
      await bench.screenshot("hostile-failed");
      throw error;
    } finally {
      editor.keepLogs();
      await browser.close();
      await editor.stop();
    }
  });
});

async function trustFolder(bench: Workbench): Promise<void> {
  await bench.page.locator(".part.banner").getByText("Manage").click();
  await bench.page.locator(".workspace-trust-editor").getByText("Trust", { exact: true }).first().click();
}

/** Waits until the folder's own server program has been run: the proof that the traps of this run can be sprung. */
async function untilSprung(traps: Traps): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!traps.sprung().includes("tricklint")) {
    assert.ok(Date.now() < deadline, "the trusted folder's tricklint.path was never run");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
