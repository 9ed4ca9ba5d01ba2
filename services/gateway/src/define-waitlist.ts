// Puts a list's definition on the log and waits until signups are judged by it.
import { setTimeout as wait } from "node:timers/promises";
import {
  createEvent,
  type EventOf,
  ProblemError,
  type StoredWaitlist,
  secretFingerprint,
  type WaitlistDefinition,
} from "@waitlist/contracts";
import { definitionErrors } from "./domain/definition-rules.ts";
import { etagOf, judgeIfMatch } from "./domain/headers.ts";
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
  stored: StoredWaitlist;
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
 * Defines a list. Of two changes of the same definition under `If-Match` the log lets the first one count, through
 * whichever gateways they come. Throws `ProblemError`: 400 with fields, 412, 503.
 */
export const createDefineWaitlist =
  (deps: Deps) =>
  async ({ waitlistId, definition, ifMatch, definedBy }: DefineRequest): Promise<Defined> => {
    const errors = definitionErrors(definition);
    if (errors.length > 0) throw new ProblemError("invalid-request", undefined, { errors });
    const former = await deps.storage.waitlist(waitlistId);
    if (!former) await deps.storage.ensureInstallation();
    const match = judgeIfMatch(ifMatch, former && etagOf(former.offset));
    if (match === "refused") throw new ProblemError("precondition-failed");
    const data = { waitlistId, definition, idKeyVersion: secretFingerprint(deps.secret), definedBy };
    const condition = match === "this" && former ? { replaces: former.offset } : {};
    const event = createEvent(
      "WaitlistDefined",
      { ...data, ...condition },
      { source: EVENT_SOURCE, at: deps.clock() },
    );
    const { offset } = await deps.log.append(event);
    const stored = await storedAt(deps, event, offset);
    if (stored.eventId !== event.id) throw new ProblemError("precondition-failed");
    deps.definitions.put(stored);
    return { stored, created: former === null };
  };

/**
 * The list as of `offset`, as soon as storage has got so far: with this definition, or with one that came before it
 * and made its condition fail. Throws `ProblemError` `unavailable` when that takes long.
 */
async function storedAt(
  { storage, stopping }: Deps,
  { id, data: { waitlistId, replaces } }: EventOf<"WaitlistDefined">,
  offset: number,
): Promise<StoredWaitlist> {
  const deadline = performance.now() + STORED_WITHIN_MS;
  while (performance.now() < deadline && !stopping.aborted) {
    const found = await storage.waitlist(waitlistId, offset);
    const isOvertaken = replaces !== undefined && found?.offset !== replaces;
    if (found && (found.eventId === id || isOvertaken)) return found;
    await wait(POLL_MS);
  }
  const detail = "The definition is written, but not yet in force. Ask again shortly.";
  throw new ProblemError("unavailable", detail, { retryAfter: 2 });
}
