import { type Registry, sharedCounter } from "@waitlist/runtime";
import type { MongoClient } from "mongodb";

/**
 * Counts what goes wrong with the database as the driver's own monitoring tells it (Connection Monitoring and Pooling,
 * Server Discovery and Monitoring specifications). What it gives back counts a command that failed.
 */
export function countErrors(client: MongoClient, registry: Registry): () => void {
  const errors = sharedCounter<"kind">(registry, {
    name: "waitlist_mongodb_errors_total",
    help:
      "Failures of the database: heartbeat (no answer to a look), checkout (no connection to be had), pool (all " +
      "connections given up after a network error or a change of primary), connection (one broke), " +
      "command (one was answered with an error, or not at all).",
    labelNames: ["kind"],
  });
  for (const kind of ["heartbeat", "checkout", "pool", "connection", "command"]) errors.inc({ kind }, 0);
  client.on("serverHeartbeatFailed", () => errors.inc({ kind: "heartbeat" }));
  client.on("connectionCheckOutFailed", () => errors.inc({ kind: "checkout" }));
  client.on("connectionPoolCleared", () => errors.inc({ kind: "pool" }));
  client.on("connectionClosed", ({ reason }) => {
    if (reason === "error") errors.inc({ kind: "connection" });
  });
  return () => errors.inc({ kind: "command" });
}
