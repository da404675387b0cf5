/** A real VS Code workbench on a local port, with a home of its own and no network. */
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import * as path from "node:path";

import { CODE_SERVER, freshFolder, NODE, OUTPUT } from "./paths.ts";

export interface Options {
  /** The name of the run, for its logs. */
  readonly name: string;
  /** The extension to install; none when it is loaded from its source folder. */
  readonly vsix?: string;
  /** Leave workspace trust on, so that folders open in Restricted Mode. */
  readonly trust?: boolean;
  /** Take tests into the extension host; such an editor shows no messages to the user. */
  readonly automated?: boolean;
  /** More user settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The PATH that the user's shell sets; by default it stays as it is. */
  readonly path?: readonly string[];
}

/** A running editor. */
export interface Editor {
  readonly port: number;
  /** Keeps the logs of this run under tests/output/. */
  keepLogs(): void;
  stop(): Promise<void>;
}

/** Starts the editor and waits until it answers. */
export async function startEditor(options: Options): Promise<Editor> {
  const home = freshFolder("editor");
  const data = path.join(home, "data");
  const env = {
    ...process.env,
    HOME: home,
    XDG_CONFIG_HOME: path.join(home, "config"),
    XDG_DATA_HOME: path.join(home, "share"),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
  };
  // The editor asks the login shell for its environment, as it does on a person's machine.
  const shellPath = options.path?.join(":") ?? process.env["PATH"] ?? "";
  writeFileSync(path.join(home, ".profile"), `export PATH='${shellPath}'\n`);
  const base = [CODE_SERVER, "--config", "/dev/null", "--user-data-dir", data];
  base.push("--extensions-dir", path.join(home, "extensions"));
  writeSettings(data, options);
  if (options.vsix !== undefined) {
    execFileSync(NODE, [...base, "--install-extension", options.vsix], { env, stdio: "pipe" });
  }
  mkdirSync(OUTPUT, { recursive: true });
  const log = openSync(path.join(OUTPUT, `${options.name}.log`), "w");
  const port = await freePort();
  const args = [...base, "--bind-addr", `127.0.0.1:${port}`, ...serverOptions(options)];
  const server = spawn(NODE, args, { env, cwd: home, detached: true, stdio: ["ignore", log, log] });
  const ended = new Promise<void>((resolve) => server.once("exit", () => { resolve(); }));
  await untilHealthy(port);
  return {
    port,
    keepLogs: () => {
      cpSync(path.join(data, "logs"), path.join(OUTPUT, `${options.name}-logs`), { recursive: true, force: true });
    },
    stop: async () => {
      // The editor runs in children of its own; the whole group ends.
      if (server.pid !== undefined && server.exitCode === null) process.kill(-server.pid, "SIGTERM");
      await ended;
    },
  };
}

function serverOptions(options: Options): string[] {
  const trust = options.trust === true ? [] : ["--disable-workspace-trust"];
  return [
    ...["--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-getting-started-override"],
    // Otherwise the extension host of a closed page lives on for hours.
    ...["--reconnection-grace-time", "1"],
    ...(options.automated === true ? ["--vscode-option", "enable-smoke-test-driver"] : []),
    ...trust,
  ];
}

function writeSettings(data: string, options: Options): void {
  const settings = {
    "workbench.startupEditor": "none",
    "security.workspace.trust.enabled": options.trust === true,
    "telemetry.telemetryLevel": "off",
    "workbench.enableExperiments": false,
    "extensions.autoCheckUpdates": false,
    "extensions.autoUpdate": false,
    "extensions.ignoreRecommendations": true,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": true,
    "workbench.tips.enabled": false,
    "git.enabled": false,
    "typescript.tsserver.enable": false,
    "npm.autoDetect": "off",
    "editor.accessibilitySupport": "off",
    "editor.hover.delay": 100,
    "editor.minimap.enabled": false,
    "editor.lightbulb.enabled": "on",
    "files.autoSave": "off",
    "files.simpleDialog.enable": true,
    "window.confirmBeforeClose": "never",
    "update.mode": "none",
    ...options.settings,
  };
  for (const place of ["User", "Machine"]) mkdirSync(path.join(data, place), { recursive: true });
  // Settings of the machine's scope, which name programs, count only there in a window like this.
  writeFileSync(path.join(data, "Machine/settings.json"), JSON.stringify(options.settings ?? {}));
  writeFileSync(path.join(data, "User/settings.json"), JSON.stringify(settings, undefined, 2));
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address !== null && typeof address === "object") resolve(address.port);
        else reject(new Error("no free port"));
      });
    });
  });
}

async function untilHealthy(port: number): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return;
    } catch {
      if (Date.now() > deadline) throw new Error("the editor did not start");
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
