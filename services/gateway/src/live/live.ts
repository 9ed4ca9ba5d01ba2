// Live status: the hub with its clockwork and its metrics.
import { partitionOf } from "@waitlist/contracts";
import { Counter, Gauge, type Logger, type Registry } from "@waitlist/runtime";
import type { Announcements, Clock, Definitions } from "../ports.ts";
import { createHub, type Hub } from "./hub.ts";
import { createLook, type LookDeps } from "./look.ts";
import type { RoomOptions } from "./room.ts";

export interface LiveOptions extends RoomOptions {
  /** How far apart a stream's heartbeats are, in milliseconds. */
  heartbeatMs?: number;
}

interface Deps extends LiveOptions, LookDeps {
  announcements: Announcements;
  definitions: Definitions;
  partitions: number;
  clock: Clock;
  log: Logger;
  registry: Registry;
}

export type Live = Pick<Hub, "open" | "close">;

/** Proxies give a silent connection up after a minute or half of one. */
const HEARTBEAT_MS = 15_000;
/** Heartbeats go out in so many parts, lest thousands of sockets be written to at once. */
const PARTS = 30;

export function createLive(deps: Deps): Live {
  const { log, registry, heartbeatMs = HEARTBEAT_MS } = deps;
  const sent = new Counter({
    name: "waitlist_gateway_stream_events_total",
    help: "Status events sent to event streams.",
    registers: [registry],
  });
  const refused = new Counter({
    name: "waitlist_gateway_streams_refused_total",
    help: "Event streams refused because too many were open: in all, of their client, or of their entry.",
    labelNames: ["full"] as const,
    registers: [registry],
  });
  const hub = createHub({
    ...deps,
    look: createLook(deps),
    forget: deps.definitions.forget,
    partitionOf: (waitlistId) => partitionOf(waitlistId, deps.partitions),
    onShown: () => sent.inc(),
    onRefused: (full) => refused.inc({ full }),
    onError: (err) => log.error({ err }, "a place that is being watched could not be read"),
  });
  new Gauge({
    name: "waitlist_gateway_streams",
    help: "Event streams that are open.",
    registers: [registry],
    collect() {
      this.set(hub.size().streams);
    },
  });
  deps.announcements.tell(hub);
  let part = 0;
  const timer = setInterval(() => {
    part = (part + 1) % PARTS;
    hub.beat(part, PARTS);
  }, heartbeatMs / PARTS).unref();
  return {
    open: hub.open,
    close: () => {
      clearInterval(timer);
      hub.close();
    },
  };
}
