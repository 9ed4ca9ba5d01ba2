import { type Registry, sharedCounter } from "@waitlist/runtime";
import type { Redis } from "ioredis";

type Kind = "timeout" | "refused" | "away" | "connection";

/** Counts connections that failed, and commands, those of pipelines and scripts included. */
export function countErrors(client: Redis, registry: Registry): void {
  const errors = sharedCounter<"kind">(registry, {
    name: "waitlist_redis_errors_total",
    help:
      "Redis commands that failed, by kind: timeout, refused (an error for an answer), away (not connected, or the " +
      "connection broke); and connection, for connections that failed.",
    labelNames: ["kind"],
  });
  for (const kind of ["timeout", "refused", "away", "connection"]) errors.inc({ kind }, 0);
  client.on("error", () => errors.inc({ kind: "connection" }));
  const send = client.sendCommand.bind(client);
  client.sendCommand = (command, stream) => {
    command.promise.catch((error: unknown) => {
      // The library's introduction of itself, which servers before 7.2 don't know.
      if (command.name === "client") return;
      const kind = kindOf(error);
      if (kind) errors.inc({ kind });
    });
    return send(command, stream);
  };
}

/** Null for what is no failure: a script that the server doesn't know yet is sent again whole. */
function kindOf(error: unknown): Kind | null {
  if (!(error instanceof Error)) return "away";
  if (error.name === "ReplyError") return error.message.startsWith("NOSCRIPT") ? null : "refused";
  return error.message === "Command timed out" ? "timeout" : "away";
}
