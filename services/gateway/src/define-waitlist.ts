// Puts a list's definition on the log and waits until signups are judged by it.
import { setTimeout as wait } from "node:timers/promises";
import {
  createEvent,
  ProblemError,
  type StoredWaitlist,
  secretFingerprint,
  type WaitlistDefinition,
} from "@waitlist/contracts";
import { definitionErrors } from "./domain/definition-rules.ts";
import { etagOf, ifMatchAllows } from "./domain/headers.ts";
import { EVENT_SOURCE } from "./event-source.ts";
import type { Clock, Definitions, EventLog, Storage } from "./ports.ts";

export interface DefineRequest {
  waitlistId: string;
  definition: WaitlistDefinition;
  ifMatch: string | undefined;
  /** The name of the admin key that asks. */
  definedBy: string;
}

export interface Defined {
  offset: number;
  created: boolean;
}

interface Deps {
  log: EventLog;
  storage: Storage;
  definitions: Definitions;
  clock: Clock;
  secret: string;
  /** Aborted when the service stops: nobody is kept waiting then. */
  stopping: AbortSignal;
}

const STORED_WITHIN_MS = 10_000;
const POLL_MS = 50;

/**
 * Defines a list. One change at a time for each list in this process, so that of two with the same `If-Match` the
 * second sees the first. Throws `ProblemError`: 400 with fields, 412, 503.
 */
export function createDefineWaitlist(deps: Deps): (request: DefineRequest) => Promise<Defined> {
  const inTurn = createTurns();
  return (request) => inTurn(request.waitlistId, () => define(deps, request));
}

async function define(deps: Deps, request: DefineRequest): Promise<Defined> {
  const { waitlistId, definition, ifMatch, definedBy } = request;
  const errors = definitionErrors(definition);
  if (errors.length > 0) throw new ProblemError("invalid-request", undefined, { errors });
  const former = await deps.storage.waitlist(waitlistId);
  if (!former) await deps.storage.ensureInstallation();
  if (!ifMatchAllows(ifMatch, former && etagOf(former.offset))) throw new ProblemError("precondition-failed");
  const data = { waitlistId, definition, idKeyVersion: secretFingerprint(deps.secret), definedBy };
  const { offset } = await deps.log.append(
    createEvent("WaitlistDefined", data, { source: EVENT_SOURCE, at: deps.clock() }),
  );
  deps.definitions.put(await stored(deps, waitlistId, offset));
  return { offset, created: former === null };
}

/** The list as soon as storage has its definition of `offset`. Throws `ProblemError` `unavailable` when that takes long. */
async function stored(
  { storage, stopping }: Deps,
  waitlistId: string,
  offset: number,
): Promise<StoredWaitlist> {
  const deadline = performance.now() + STORED_WITHIN_MS;
  while (performance.now() < deadline && !stopping.aborted) {
    const found = await storage.waitlist(waitlistId);
    if (found && found.offset >= offset) return found;
    await wait(POLL_MS);
  }
  throw new ProblemError(
    "unavailable",
    "The definition is written, but not yet in force. Ask again shortly.",
    {
      retryAfter: 2,
    },
  );
}

/** Runs what has the same name one after the other. */
function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    const before = last.get(name) ?? Promise.resolve();
    // Whether the one before failed is its own caller's business.
    const mine = before.then(run, run);
    last.set(name, mine);
    try {
      return await mine;
    } finally {
      if (last.get(name) === mine) last.delete(name);
    }
  };
}
