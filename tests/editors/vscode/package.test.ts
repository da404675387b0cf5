/** The .vsix: what is in it, and that its server runs on every Python it is made for. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import * as path from "node:path";
import { before, describe, test } from "node:test";

import { live } from "./lsp.ts";
import { environment, freshFolder, HERE, pythons } from "./paths.ts";
import { bundledServer, listVsix, unpackExtension } from "./unpacked.ts";

const PACKAGES = "attr|attrs|cattr|cattrs|exceptiongroup|libcst|lsprotocol|pathspec|platformdirs|psutil|pygls|tomli|tricklint";
const ALLOWED = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/client\/dist\/(extension\.js|panel\.(js|css))$/,
  /^extension\/client\/(schemas\/\w+\.schema\.json|snippets\/python\.json|walkthrough\/\w+\.md)$/,
  /^extension\/docs\/sample\/train\.py$/,
  /^extension\/bundled\/(launcher\.py|THIRD_PARTY_NOTICES\.md)$/,
  /^extension\/bundled\/libs\/typing_extensions\.py$/,
  /^extension\/bundled\/libs\/[\w.]+-[\d.]+\.dist-info\/[\w./-]+$/,
  new RegExp(`^extension/bundled/libs/(${PACKAGES})/([\\w]+/)*(\\w+\\.py|py\\.typed)$`),
  /^extension\/bundled\/libs\/psutil\/_psutil_linux\.abi3\.so$/,
  /^extension\/bundled\/libs\/libcst\/native\.cpython-3\d+-x86_64-linux-gnu\.so$/,
];
const FORBIDDEN = /libcst\/codemod|libs\/_?yaml|__pycache__|\/tests?\//;

describe("the .vsix", () => {
  test("holds what it should and nothing else", () => {
    const files = listVsix();
    assert.deepEqual(files.filter((file) => !ALLOWED.some((pattern) => pattern.test(file)) || FORBIDDEN.test(file)), []);
    const texts = ["readme.md", "changelog.md", "LICENSE.txt", "bundled/THIRD_PARTY_NOTICES.md"];
    for (const wanted of [...texts, "bundled/libs/tricklint/py.typed"]) {
      assert.ok(files.includes(`extension/${wanted}`), `${wanted} is missing`);
    }
  });

  test("has a native parser for each Python from 3.10 to 3.14", () => {
    const natives = listVsix().flatMap((file) => /native\.cpython-(\d+)-/.exec(file)?.[1] ?? []);
    assert.deepEqual(natives.sort(), ["310", "311", "312", "313", "314"]);
  });
});

test("the server of a Python environment is started by its module", async () => {
  const file = path.join(HERE, "workspace/train.py");
  const start = { command: environment(), args: ["-I", "-m", "tricklint", "server"], cwd: freshFolder("cwd"), env: {} };
  const life = await live(start, path.dirname(file), file);
  assert.deepEqual(life.published.diagnostics.map(({ code }) => code), ["TRK004"]);
});

describe("the packaged server", () => {
  let extension: string;
  const file = path.join(HERE, "workspace/train.py");

  before(() => {
    extension = unpackExtension();
    console.log(`Pythons found here: ${[...pythons().keys()].join(", ")}`);
  });

  test("is tried with at least one Python", () => {
    assert.notEqual(pythons().size, 0);
  });

  for (const [version, python] of pythons()) {
    test(`finds the mistake on Python ${version} without any installed package`, async () => {
      const life = await live(bundledServer(extension, python, freshFolder("cwd")), path.dirname(file), file);
      assert.deepEqual(life.published.diagnostics.map(({ code }) => code), ["TRK004"]);
      assert.equal(life.exitCode, 0, life.stderr);
    });
  }

  test("names the licence of every package that it contains", () => {
    const notices = readFileSync(path.join(extension, "bundled/THIRD_PARTY_NOTICES.md"), "utf8");
    const installed = readdirSync(path.join(extension, "bundled/libs")).filter((name) => name.endsWith(".dist-info"));
    const names = installed.map((name) => name.replace(".dist-info", ""));
    assert.equal(names.length, 11);
    for (const name of [...names, "uplot (npm)", "vscode-languageclient (npm)", "vscode-jsonrpc (npm)", "semver (npm)"]) {
      assert.ok(notices.includes(`## ${name}\n`), `${name} is not in the notices`);
    }
  });

  test("has the version that the extension has", () => {
    const { version } = JSON.parse(readFileSync(path.join(extension, "package.json"), "utf8")) as { version: string };
    const source = readFileSync(path.join(extension, "bundled/libs/tricklint/__init__.py"), "utf8");
    assert.ok(source.includes(`"${version}"`), "tricklint.__version__ differs from package.json");
  });
});
