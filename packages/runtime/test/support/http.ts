// A listening server of the runtime's, with a few routes, and bytes sent to it as they are.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, type Socket } from "node:net";
import type { FastifyInstance } from "fastify";
import { createHttpApp, createLogger, type HttpAppOptions, Registry } from "../../src/index.ts";

export interface Served {
  app: FastifyInstance;
  port: number;
  url: string;
  registry: Registry;
}

const running = new Set<FastifyInstance>();

/** Listens with these routes; `endServers` ends all. */
export async function serve(
  routes: (app: FastifyInstance) => void,
  limits: HttpAppOptions["limits"] = {},
  options: Partial<HttpAppOptions> = {},
): Promise<Served> {
  const registry = new Registry();
  const log = createLogger("test", "silent");
  const app = createHttpApp({ log, registry, dependencies: {}, limits, ...options });
  running.add(app);
  routes(app);
  const url = await app.listen({ port: 0, host: "127.0.0.1" });
  return { app, registry, url, port: (app.server.address() as AddressInfo).port };
}

export async function endServers(): Promise<void> {
  for (const app of running) app.server.closeAllConnections();
  await Promise.all([...running].map((app) => app.close()));
  running.clear();
}

export interface RawClient {
  socket: Socket;
  /** Everything that came back so far. */
  received(): string;
  /** Resolves with all of it when the server has closed the connection. */
  closed: Promise<string>;
}

/** Opens a connection and sends text, each character one byte. */
export async function send(port: number, text = ""): Promise<RawClient> {
  const socket = connect(port, "127.0.0.1");
  let received = "";
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
  });
  // A connection that is cut is what many of these tests want: "close" tells of it.
  socket.on("error", () => undefined);
  const closed = new Promise<string>((resolve) => socket.once("close", () => resolve(received)));
  await once(socket, "connect");
  socket.write(text, "latin1");
  return { socket, received: () => received, closed };
}

export interface RawAnswer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** The answers in a connection's text, as far as they have a `content-length` or are the last. */
export function answersIn(text: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = text; rest.startsWith("HTTP/1.1 "); ) {
    const end = rest.indexOf("\r\n\r\n");
    const [statusLine = "", ...lines] = rest.slice(0, end).split("\r\n");
    const headers = new Map(
      lines.map((line) => [line.split(":", 1)[0]?.toLowerCase() ?? "", line.slice(line.indexOf(":") + 2)]),
    );
    const length = Number(headers.get("content-length") ?? 0);
    answers.push({
      status: Number(statusLine.split(" ")[1]),
      headers,
      body: rest.slice(end + 4, end + 4 + length),
    });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}

/** The code of a problem document. */
export const codeOf = ({ body }: RawAnswer): unknown => (JSON.parse(body) as { code?: unknown }).code;
