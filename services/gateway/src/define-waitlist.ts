// Puts a list's definition on the log and waits until signups are judged by it.
import { setTimeout as wait } from "node:timers/promises";
import {
  createEvent,
  definitionIdOf,
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
  /** The `Idempotency-Key`. */
  key: string | undefined;
  /** The name of the admin key that asks. */
  definedBy: string;
}

export interface Defined {
  stored: StoredWaitlist;
  created: boolean;
}

interface Deps {
  log: EventLog;
  storage: Pick<Storage, "waitlist" | "defined" | "ensureInstallation">;
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
 * whichever gateways they come. What was defined under the same key before is answered as it was then, and undoes nothing that
 * came after it: the event's id is made of the key, so that this holds without Redis, too. Throws `ProblemError`: 400 with fields, 412, 503.
 */
export const createDefineWaitlist =
  (deps: Deps) =>
  async ({ waitlistId, definition, ifMatch, key, definedBy }: DefineRequest): Promise<Defined> => {
    const errors = definitionErrors(definition);
    if (errors.length > 0) throw new ProblemError("invalid-request", undefined, { errors });
    const id =
      key === undefined ? undefined : definitionIdOf(deps.secret, waitlistId, { key, ifMatch, definition });
    const before = id === undefined ? null : await deps.storage.defined(waitlistId, id);
    if (before) return { stored: before, created: await isFirst(deps.storage, before) };
    const former = await deps.storage.waitlist(waitlistId);
    if (!former) await deps.storage.ensureInstallation();
    const match = judgeIfMatch(ifMatch, former && etagOf(former.offset));
    if (match === "refused") throw new ProblemError("precondition-failed");
    const data = { waitlistId, definition, idKeyVersion: secretFingerprint(deps.secret), definedBy };
    const condition = match === "this" && former ? { replaces: former.offset } : {};
    const event = createEvent(
      "WaitlistDefined",
      { ...data, ...condition },
      { source: EVENT_SOURCE, at: deps.clock(), ...(id === undefined ? {} : { id }) },
    );
    const { offset } = await deps.log.append(event);
    const stored = await storedAt(deps, event, offset);
    if (stored.eventId !== event.id) throw new ProblemError("precondition-failed");
    deps.definitions.put(stored);
    return { stored, created: former === null };
  };

/** Whether the list was created by it. */
async function isFirst(storage: Deps["storage"], { waitlistId, offset }: StoredWaitlist): Promise<boolean> {
  return offset === 0 || (await storage.waitlist(waitlistId, offset - 1)) === null;
}

/**
 * The list as of `offset`, as soon as storage has got so far: with this definition, or with one that came before it
 * and made its condition fail, or, where the same event stood on the log before, with this one as it was then. Throws `ProblemError` `unavailable` when that takes long.
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
    const repeated = await storage.defined(waitlistId, id);
    if (repeated) return repeated;
    await wait(POLL_MS);
  }
  const detail = "The definition is written, but not yet in force. Ask again shortly.";
  throw new ProblemError("unavailable", detail, { retryAfter: 2 });
}
