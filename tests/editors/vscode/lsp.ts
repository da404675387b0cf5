/** A language server process and the few messages that show that it works. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

const PATIENCE_MS = 120_000;

/** What came back from a whole life of a server. */
export interface Life {
  readonly published: PublishDiagnosticsParams;
  readonly exitCode: number | null;
  readonly stderr: string;
}

/** How to start it. */
export interface Start {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a server, opens a folder and one file of it, waits for the findings, and ends it in order. */
export async function live(start: Start, folder: string, file: string): Promise<Life> {
  const server = spawn(start.command, start.args, { cwd: start.cwd, env: start.env });
  let stderr = "";
  server.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const exit = new Promise<number | null>((resolve) => server.once("exit", resolve));
  const timer = setTimeout(() => server.kill(), PATIENCE_MS);
  const ended = exit.then((code) => {
    throw new Error(`the server ended, or had to be ended, with ${String(code)}:\n${stderr}`);
  });
  try {
    const published = await Promise.race([findings(connect(server), folder, file), ended]);
    return { published, exitCode: await exit, stderr };
  } finally {
    clearTimeout(timer);
  }
}

function connect(server: ChildProcessWithoutNullStreams): ProtocolConnection {
  return createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
}

async function findings(server: ProtocolConnection, folder: string, file: string): Promise<PublishDiagnosticsParams> {
  const published = new Promise<PublishDiagnosticsParams>((resolve) => {
    server.onNotification(PublishDiagnosticsNotification.type, resolve);
  });
  server.listen();
  await server.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the protocol still demands it
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "folder" }],
    capabilities: {},
  });
  await server.sendNotification(InitializedNotification.type, {});
  await server.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: pathToFileURL(file).href, languageId: "python", version: 1, text: readFileSync(file, "utf8") },
  });
  const first = await published;
  await server.sendRequest(ShutdownRequest.type);
  // The last message is no question: the server may be gone before it is known to be sent.
  void server.sendNotification(ExitNotification.type).catch(() => undefined);
  return first;
}
