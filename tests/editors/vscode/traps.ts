/** A folder in which everything that could be run by mistake leaves a mark. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";

import { freshFolder, HERE } from "./paths.ts";

// A torch.py beside the script would be what the script imports, and then there is nothing to find in it.
const SHADOW = "shadow";

// Modules that Python itself, the server or its packages would import if the folder were on the path.
const MODULES = [
  ...["sitecustomize", "usercustomize", "libcst", "attr", "attrs", "cattrs", "lsprotocol", "tricklint"],
  ...["typing_extensions", "pathspec", "platformdirs", "tomli", "json", "asyncio", "logging"],
  ...["pygls/__init__", `${SHADOW}/torch`, `${SHADOW}/numpy`],
];

/** The folder, the file to open in it, and what has been run. */
export interface Traps {
  readonly folder: string;
  readonly file: string;
  /** The folder of its virtual environment's programs. */
  readonly programs: string;
  /** The folders that would have to be on Python's path for its modules to be found. */
  readonly modules: readonly string[];
  /** The names of the traps that were sprung. */
  sprung(): string[];
}

/** Lays a trap in every place that is known to have caught a tool. */
export function layTraps(): Traps {
  const outside = freshFolder("traps");
  const folder = path.join(outside, "project");
  const marks = path.join(outside, "marks");
  const programs = path.join(folder, ".venv/bin");
  for (const place of [programs, path.join(folder, "pygls"), path.join(folder, SHADOW), path.join(folder, ".vscode")]) {
    mkdirSync(place, { recursive: true });
  }
  for (const module of MODULES) {
    writeFileSync(path.join(folder, `${module}.py`), `open(${JSON.stringify(marks)}, "a").write("${module}.py\\n")\n`);
  }
  for (const program of ["python", "python3", "tricklint"]) {
    const file = path.join(programs, program);
    writeFileSync(file, `#!/bin/sh\necho ${program} >>'${marks}'\n`);
    chmodSync(file, 0o755);
  }
  const settings = {
    "tricklint.interpreter": path.join(programs, "python"),
    "tricklint.path": path.join(programs, "tricklint"),
    "tricklint.importStrategy": "fromEnvironment",
    "python.defaultInterpreterPath": path.join(programs, "python"),
  };
  writeFileSync(path.join(folder, ".vscode/settings.json"), JSON.stringify(settings));
  copyFileSync(path.join(HERE, "workspace/train.py"), path.join(folder, "train.py"));
  return {
    folder,
    file: path.join(folder, "train.py"),
    programs,
    modules: [folder, path.join(folder, SHADOW)],
    sprung: () => (existsSync(marks) ? readFileSync(marks, "utf8").trim().split("\n") : []),
  };
}
