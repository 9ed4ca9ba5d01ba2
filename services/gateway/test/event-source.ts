// A client of event streams, as plain as can be.
import { get, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { text as textOf } from "node:stream/consumers";

export interface StatusEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

export interface EventSource {
  status: number;
  headers: IncomingHttpHeaders;
  /** So far. */
  events: StatusEvent[];
  /** The problem, where the answer is no stream. */
  problem: unknown;
  heartbeats(): number;
  /** Resolves when the stream has ended, whoever ended it. */
  ended: Promise<void>;
  close(): void;
}

/** Resolves with the answer's head; of an answer that is no stream, with its end. */
export async function openEventSource(
  url: string,
  headers: Record<string, string> = {},
): Promise<EventSource> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  get(url, { headers, agent: false }, resolve).once("error", reject);
  const response = await promise;
  const events: StatusEvent[] = [];
  let rest = "";
  let heartbeats = 0;
  const ended = new Promise<void>((done) => response.once("close", done));
  const source = {
    ...{
      status: response.statusCode ?? 0,
      headers: response.headers,
      events,
      ended,
      problem: null as unknown,
    },
    heartbeats: () => heartbeats,
    close: () => void response.destroy(),
  };
  // A server that goes away is an end like any other.
  response.on("error", () => undefined);
  if (!response.headers["content-type"]?.startsWith("text/event-stream")) {
    const body = await textOf(response);
    return { ...source, problem: body === "" ? null : JSON.parse(body) };
  }
  response.setEncoding("utf8").on("data", (chunk: string) => {
    const blocks = (rest + chunk).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      if (block === ":") heartbeats += 1;
      const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
      if (fields.data) events.push({ id: fields.id, event: fields.event, data: JSON.parse(fields.data) });
    }
  });
  return source;
}
