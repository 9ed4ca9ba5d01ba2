// A hub whose reads, sockets and announcements are in the hands of the test.
import { ProblemError } from "@waitlist/contracts";
import type { StatusClaims } from "@waitlist/tokens";
import { createHub, type Hub, type HubDeps } from "../src/live/hub.ts";
import type { Shown } from "../src/live/look.ts";
import type { Wire } from "../src/live/wire.ts";

export const PARTITION = 4;
export const unavailable = () => new ProblemError("unavailable");

export const claimsOf = (waitlistId: string, joinOffset: number, exp = 1e10): StatusClaims => ({
  ...{ purpose: "status", kind: "typed", waitlistId, entryId: `e${joinOffset}`, joinOffset, exp },
});

/** A state that names itself. */
export const shownAs = (id: string, more: { waiting?: boolean; last?: boolean } = {}): Shown => ({
  state: { id, data: `"${id}"`, last: more.last ?? false },
  waiting: more.waiting ?? false,
});

/** One client: what it has got, and what is still under way to it. */
export interface Client {
  claims: StatusClaims;
  /** Ids of the states that it has got, over all its streams. */
  got: string[];
  heartbeats: number;
  /** Takes what was written; null where nothing is under way. */
  take: (() => void) | null;
  /** Goes away; null while no stream is open. */
  leave: (() => void) | null;
  ended: boolean;
  cut: boolean;
}

export const createClient = (claims: StatusClaims): Client => ({
  ...{ claims, got: [], heartbeats: 0, take: null, leave: null, ended: false, cut: false },
});

/** Takes everything at once unless `slow`. An end of the stream closes it once all was taken. */
function wireTo(client: Client, closed: () => void, slow: boolean): Wire {
  let isOpen = true;
  let ending = false;
  const close = () => {
    isOpen = false;
    client.take = null;
    client.leave = null;
    closed();
  };
  client.leave = close;
  return {
    write: (text, taken) => {
      if (!isOpen || ending || client.take) throw new Error("written to at a wrong time");
      client.take = () => {
        client.take = null;
        const id = /^id: (.*)$/m.exec(text)?.[1];
        if (id === undefined) client.heartbeats += 1;
        else client.got.push(id);
        taken();
        if (ending && !client.take) close();
      };
      if (!slow) client.take();
    },
    end: () => {
      ending = true;
      client.ended = true;
      if (!client.take) close();
    },
    cut: () => {
      client.cut = true;
      close();
    },
  };
}

export interface HubWorld {
  hub: Hub;
  /** Lists that were about to be read again. */
  forgotten: string[];
  errors: unknown[];
  refused: number;
  /** Opens a stream of this client; with what it got last as `Last-Event-ID`, unless that is said. */
  open(client: Client, options?: { slow?: boolean; seen?: string | undefined }): Promise<boolean>;
}

export function createHubWorld(look: HubDeps["look"], changes: Partial<HubDeps> = {}): HubWorld {
  const world = { forgotten: [] as string[], errors: [] as unknown[], refused: 0 };
  const hub = createHub({
    look,
    forget: (waitlistId) => void world.forgotten.push(waitlistId),
    partitionOf: () => PARTITION,
    maxStreams: 10,
    clock: Date.now,
    onShown: () => undefined,
    onRefused: () => {
      world.refused += 1;
    },
    onError: (error) => void world.errors.push(error),
    ...changes,
  });
  const open: HubWorld["open"] = (client, options = {}) =>
    hub.open({
      ...{ claims: client.claims, from: { client: "one" }, seen: client.got.at(-1), ...options },
      connect: (_state, closed) => wireTo(client, closed, options.slow ?? false),
    });
  return Object.assign(world, { hub, open });
}
