/** A language server process and the few messages that show that it works. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import {
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";

/** What came back from a whole life of a server. */
export interface Life {
  readonly initialized: InitializeResult;
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
  const died = exit.then((code) => {
    throw new Error(`the server ended with ${String(code)}:\n${stderr}`);
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  const published = new Promise<PublishDiagnosticsParams>((resolve) => {
    connection.onNotification(PublishDiagnosticsNotification.type, resolve);
  });
  connection.listen();
  const asked = connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- the protocol still demands it
    rootUri: null,
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "folder" }],
    capabilities: {},
  });
  const initialized = await Promise.race([asked, died]);
  await connection.sendNotification(InitializedNotification.type, {});
  await connection.sendNotification(DidOpenTextDocumentNotification.type, {
    textDocument: { uri: pathToFileURL(file).href, languageId: "python", version: 1, text: readFileSync(file, "utf8") },
  });
  const first = await Promise.race([published, died]);
  await connection.sendRequest(ShutdownRequest.type);
  await connection.sendNotification(ExitNotification.type);
  return { initialized, published: first, exitCode: await exit, stderr };
}
