/** The running server: at most one, started, stopped and replaced one step at a time. */
import { mkdirSync } from "node:fs";

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions } from "vscode-languageclient/node";

import { type ServerInfo } from "./debugInfo.ts";
import { cleanEnvironment } from "./environment.ts";
import { type Launch, planLaunch, type Places, sameLaunch } from "./launch.ts";
import { linkToPages } from "./pages.ts";
import { PROBE_OPTIONS, Prober } from "./probe.ts";
import { Status } from "./status.ts";
import { withTimeout } from "./timeout.ts";

// A server that says nothing for so long never will; without a limit the restart command would wait behind it.
const PATIENCE_MS = 60_000;

const CODE = ["file", "untitled", "vscode-notebook-cell"].map((scheme) => ({ scheme, language: "python" }));
const SETTINGS = [{ scheme: "file", pattern: "**/{pyproject,tricklint}.toml" }];

/** Owns the language client. */
export class Session implements vscode.Disposable {
  private readonly places: Places;
  private readonly status: Status;
  private readonly prober: Prober;
  private client: LanguageClient | undefined;
  private launch: Launch | undefined;
  private steps: Promise<void> = Promise.resolve();
  private toldAboutMissingPython = false;

  constructor(
    context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.places = { extension: context.extensionPath, cwd: context.globalStorageUri.fsPath };
    this.status = new Status(CODE);
    this.prober = new Prober(context.extensionUri);
  }

  /** Starts the server, or replaces it when trust, settings or the selected Python lead to another launch. */
  refresh(): Promise<void> {
    return this.next(() => this.plan(false));
  }

  /** Starts the server anew. */
  restart(): Promise<void> {
    return this.next(() => this.plan(true));
  }

  /** Ends the server. */
  stop(): Promise<void> {
    return this.next(() => this.end());
  }

  /** Has the server do something, once it runs; `undefined` when it does not. */
  async ask<T>(command: string): Promise<T | undefined> {
    await this.steps;
    if (this.client?.isRunning() !== true) return undefined;
    return this.client.sendRequest<T>("workspace/executeCommand", { command, arguments: [] });
  }

  /** What is known of the running server. */
  get server(): ServerInfo | undefined {
    if (this.client?.isRunning() !== true || this.launch === undefined) return undefined;
    return { label: this.launch.label, version: this.version, lastAnalysis: this.status.lastAnalysis };
  }

  private get version(): string {
    return this.client?.initializeResult?.serverInfo?.version ?? "of unknown version";
  }

  dispose(): void {
    this.status.dispose();
    this.prober.dispose();
    void this.stop();
  }

  private next(step: () => Promise<void>): Promise<void> {
    this.steps = this.steps.then(step).catch((error: unknown) => {
      this.log.error(String(error));
      this.status.failed("the server did not start");
    });
    return this.steps;
  }

  private async plan(anew: boolean): Promise<void> {
    mkdirSync(this.places.cwd, { recursive: true });
    this.status.busy();
    const launch = await planLaunch(this.places, this.log);
    if (launch === undefined) {
      await this.end();
      this.reportMissingPython();
      return;
    }
    if (!anew && this.client?.isRunning() === true && sameLaunch(launch, this.launch)) {
      this.status.running(this.version, launch.label);
      return;
    }
    await this.end();
    await this.begin(launch);
  }

  private async begin(launch: Launch): Promise<void> {
    this.log.info(`starting ${launch.command} ${launch.args.join(" ")}`);
    const server = {
      command: launch.command,
      args: [...launch.args],
      options: { cwd: this.places.cwd, env: overlay(cleanEnvironment()) },
    };
    const options: LanguageClientOptions = {
      documentSelector: [...CODE, ...SETTINGS],
      outputChannel: this.log,
      initializationOptions: { status: true, ...PROBE_OPTIONS },
      middleware: {
        executeCommand: (command, args: unknown[], next) => this.prober.execute(command, args, next),
        handleDiagnostics: (uri, diagnostics, next) => {
          linkToPages(diagnostics);
          next(uri, diagnostics);
        },
      },
    };
    this.client = new LanguageClient("tricklint", "tricklint", server, options);
    this.client.onNotification("tricklint/status", ({ milliseconds }: { milliseconds: number }) => {
      this.status.analysed(milliseconds);
    });
    this.prober.listen(this.client);
    this.launch = launch;
    const started = await withTimeout(PATIENCE_MS, this.client.start().then(() => true));
    if (started === undefined) throw new Error("the server did not answer");
    this.toldAboutMissingPython = false;
    this.status.running(this.version, launch.label);
  }

  private async end(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.launch = undefined;
    if (client === undefined) return;
    try {
      await client.dispose();
    } catch (error) {
      // A server that crashed or never answered cannot be stopped politely; the next one may start all the same.
      this.log.warn(`the server did not stop in order: ${String(error)}`);
    }
  }

  private reportMissingPython(): void {
    const message = "tricklint found no Python 3.10 or newer to run with.";
    this.log.error(`${message} What was tried is above.`);
    this.status.failed("no Python 3.10 or newer");
    if (this.toldAboutMissingPython) return;
    this.toldAboutMissingPython = true;
    void vscode.window.showErrorMessage(message, "Choose Python", "Show Log").then((choice) => {
      if (choice === "Show Log") this.log.show();
      if (choice === "Choose Python") {
        void vscode.commands.executeCommand("workbench.action.openSettings", "tricklint.interpreter");
      }
    });
  }
}

/** The language client lays its environment over the editor's own, so what has to go is named as undefined. */
function overlay(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.keys(process.env).map((name) => [name, environment[name]]));
}
