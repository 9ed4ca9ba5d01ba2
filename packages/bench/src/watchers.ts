// Clients that watch places over event streams, and say so when one isn't told what it should be.
import { get, type IncomingMessage } from "node:http";
import type { StoredEntry } from "@waitlist/contracts";
import { typedTokenOf } from "./people.ts";

/** Streams that are opened at the same time. */
export const AT_ONCE = 100;

export interface OpenStream {
  response: IncomingMessage;
  /** Events so far. */
  events: number;
  /** How many are ahead by the last of them. */
  ahead: number;
  person: StoredEntry;
  onEvent: () => void;
}

/** Resolves when each has got its first event. Any other than the person's place fails the benchmark. */
export async function openAll(url: string, people: StoredEntry[]): Promise<OpenStream[]> {
  const streams: OpenStream[] = [];
  for (let start = 0; start < people.length; start += AT_ONCE) {
    const opened = await Promise.all(
      people.slice(start, start + AT_ONCE).map((person) => openOne(url, person)),
    );
    streams.push(...opened);
  }
  return streams;
}

async function openOne(url: string, person: StoredEntry): Promise<OpenStream> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const headers = { authorization: `Bearer ${typedTokenOf(person)}` };
  get(`${url}/v1/entries/${person.entryId}/events`, { headers, agent: false }, resolve).once("error", reject);
  const response = await promise;
  if (response.statusCode !== 200) throw new Error(`a stream was answered with ${response.statusCode}`);
  const first = Promise.withResolvers<void>();
  const stream: OpenStream = { response, events: 0, ahead: -1, person, onEvent: first.resolve };
  response.on("error", () => undefined);
  response.setEncoding("utf8").on("data", (text: string) => {
    const shown = /^data: (.*)$/m.exec(text)?.[1];
    if (shown === undefined) return;
    const { entryId, ahead } = JSON.parse(shown) as StoredEntry;
    stream.events += 1;
    stream.ahead = entryId === person.entryId ? ahead : Number.NaN;
    stream.onEvent();
  });
  await first.promise;
  if (stream.ahead !== person.ahead) throw new Error("a stream began with something else than the place");
  return stream;
}
