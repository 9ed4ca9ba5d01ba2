import { connect, type Socket } from "node:net";
import { tapKafka } from "./kafka-tap.ts";

export interface Target {
  host: string;
  port: number;
  /** Its protocol is Kafka's: answers can be told from each other. */
  kafka: boolean;
}

/** A client's connection to the proxy, and the one that the proxy made for it. */
export interface Pair {
  /** While held, nothing is passed on. */
  hold(on: boolean): void;
  cut(how: "end" | "reset"): void;
}

/** Passes bytes on; `cutNow` is asked whenever answers arrive, before the client gets them. */
export function openPair(
  client: Socket,
  { host, port, kafka }: Target,
  cutNow: (apis: number[]) => "no" | "end" | "reset",
): Pair {
  const server = connect({ host, port });
  const tap = kafka ? tapKafka() : undefined;
  client.setNoDelay(true);
  server.setNoDelay(true);

  const cut = (how: "end" | "reset") => {
    if (how === "reset") client.resetAndDestroy();
    else client.destroy();
    server.destroy();
  };
  client.on("data", (chunk) => {
    tap?.requests(chunk);
    server.write(chunk);
  });
  server.on("data", (chunk) => {
    const how = cutNow(tap?.answers(chunk) ?? []);
    if (how === "no") client.write(chunk);
    else cut(how);
  });
  // The end of one side, of whatever kind, is the other's, too.
  for (const socket of [client, server]) {
    socket.on("error", () => cut("end"));
    socket.on("close", () => cut("end"));
  }
  return {
    cut,
    hold: (on) => {
      for (const socket of [client, server]) {
        if (on) socket.pause();
        else socket.resume();
      }
    },
  };
}
