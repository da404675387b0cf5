/** The search for a Python, on the Pythons of this machine. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import { describe, test } from "node:test";

import { type Candidate, findInterpreter, type Interpreter, liesIn } from "../../../client/src/interpreter.ts";
import { freshFolder } from "./paths.ts";

const SYSTEM = "/usr/bin/python3";

async function search(programs: readonly string[], forbidden: readonly string[] = [], natives?: string) {
  const rejected: string[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await -- the search takes what may be asked for slowly
  async function* candidates(): AsyncGenerator<Candidate> {
    for (const program of programs) yield { path: program, source: "test" };
  }
  const found: Interpreter | undefined = await findInterpreter(
    candidates(),
    { forbidden, natives, cwd: freshFolder("cwd") },
    (_candidate, reason) => rejected.push(reason),
  );
  return { found: found?.path, rejected };
}

/** A program that answers as a Python would. */
function pretender(folder: string, answer: string): string {
  const file = path.join(folder, "python");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, `#!/bin/sh\n${answer}\n`);
  chmodSync(file, 0o755);
  return file;
}

describe("the search for a Python", () => {
  test("goes on to the next one when one is missing, is none, or is too old", async () => {
    const old = pretender(freshFolder("old"), `echo '{"version": [3, 9, 18], "suffixes": []}'`);
    const broken = pretender(freshFolder("broken"), "exit 1");
    assert.deepEqual(await search(["/nowhere/python", broken, old, SYSTEM]), {
      found: SYSTEM,
      rejected: ["there is no such file", "it did not answer as a Python 3 does", "it is Python 3.9.18"],
    });
  });

  test("does not wait for one that hangs", async () => {
    const hanging = pretender(freshFolder("hanging"), "exec sleep 600");
    const { found, rejected } = await search([hanging, SYSTEM]);
    assert.equal(found, SYSTEM);
    assert.deepEqual(rejected, ["it did not answer as a Python 3 does"]);
  });

  test("refuses one for which no native parser is bundled", async () => {
    const { found, rejected } = await search([SYSTEM], [], freshFolder("natives"));
    assert.equal(found, undefined);
    assert.match(rejected.join(), /no parser is bundled for this build of Python 3\./);
  });

  test("never runs one that lies in a forbidden folder, by whatever way it is named", async () => {
    const folder = freshFolder("forbidden");
    const mark = path.join(freshFolder("mark"), "mark");
    const inside = pretender(path.join(folder, ".venv/bin"), `touch ${mark}`);
    const outside = freshFolder("outside");
    const link = path.join(outside, "python");
    symlinkSync(inside, link);
    const detour = `${outside}/../${path.basename(folder)}/.venv/bin/python`;
    const linkedFolder = path.join(outside, "linked");
    symlinkSync(folder, linkedFolder);
    assert.ok(liesIn(inside, [linkedFolder]));
    const { found, rejected } = await search([inside, link, detour], [folder]);
    assert.equal(found, undefined);
    assert.deepEqual(new Set(rejected), new Set(["it lies in a folder that is not trusted"]));
    await assert.rejects(import("node:fs/promises").then(({ access }) => access(mark)));
  });

  test("takes one outside of the forbidden folders", async () => {
    assert.equal((await search([SYSTEM], ["/usr/binary", freshFolder("other")])).found, SYSTEM);
  });
});
