// One invite, its log and the invite service's queue in memory, and gateways that redeem it: all of it in steps.
import { createEvent, inviteCodeOf, ProblemError, type WaitlistEvent } from "@waitlist/contracts";
import { type Attempt, type RedeemDeps, redeemInvite } from "@waitlist/gateway/acts/redeem";
import { toInviteState } from "@waitlist/invite/domain/views";
import { createFold, type RosterEntry, type RosterRecord, type Rules, rules } from "@waitlist/roster";

export const SECRET = "a secret of sixteen bytes or more";
const ABOUT = { waitlistId: "socialode", entryId: "a".repeat(26), joinOffset: 0 };
export const INVITE = { ...ABOUT, inviteId: "i-1" };
const CODE = inviteCodeOf(SECRET, INVITE.inviteId);
const CODED = { ...INVITE, batchId: "b-1", position: 1, expiresAt: 5 };

/** Waits until whoever decides about the order lets this one go on. */
export type Step = () => Promise<void>;

/** What a planted control leaves out. */
export interface Weakness {
  rules?: Partial<Rules>;
  /** A gateway takes what it has put on the log for what the log has decided. */
  believesItself?: true;
}

/** The place is there and invited. */
export function createWorld(weakness: Weakness) {
  const log: RosterRecord[] = [];
  const fold = createFold<null>(() => null, { ...rules, ...weakness.rules });
  const queue = { applied: 0, entry: undefined as RosterEntry<null> | undefined };
  const append = (event: WaitlistEvent): number =>
    log.push({ offset: log.length, timestamp: 1000 * log.length, event }) - 1;
  const world = {
    ...{ weakness, log, queue, append },
    isBehind: () => queue.applied < log.length,
    applyNext: () => {
      const record = log[queue.applied];
      if (!record || !("entryId" in record.event.data)) throw new Error("nothing to apply");
      // All of them are about the one entry.
      queue.entry = fold(queue.entry, record as Parameters<typeof fold>[1], 1, () => undefined).entry;
      queue.applied += 1;
    },
  };
  append(joined());
  append(allocated());
  while (world.isBehind()) world.applyNext();
  return world;
}
export type World = ReturnType<typeof createWorld>;

const from = (id: string) => ({ source: "/test", at: 0, id });
const joined = () =>
  createEvent("WaitlistJoined", { ...ABOUT, email: "a@example.com", needsConfirmation: false }, from("e0"));
const allocated = () => {
  const given = { code: CODE, batchId: CODED.batchId, position: CODED.position };
  const data = { ...INVITE, ...given, expiresAt: "2030-01-01T00:00:00.000Z" };
  return createEvent("InviteAllocated", data, from("e1"));
};

/** What else can close an invite. */
export const CLOSINGS = {
  expired: () => createEvent("InviteExpired", INVITE, from("expired")),
  requeued: () => createEvent("InviteExpired", { ...INVITE, requeue: true }, from("requeued")),
  withdrawn: () => createEvent("InviteWithdrawn", { ...INVITE, requestedBy: "boss" }, from("withdrawn")),
  left: () => createEvent("EntryLeft", ABOUT, from("left")),
  erased: () => createEvent("EntryErased", ABOUT, from("erased")),
};

/** One gateway's redemption, a step before and after all that it does outside; `again`: the log takes it twice. */
export async function redeem(
  world: World,
  step: Step,
  { key, again }: { key: string; again: boolean },
): Promise<string> {
  let own: string | undefined;
  const deps: RedeemDeps = {
    log: {
      append: async (event) => {
        await step();
        const offset = world.append(event);
        if (again) world.append(event);
        if (event.type === "InviteRedeemed") own = event.data.attempt;
        await step();
        return { partition: 0, offset };
      },
    },
    storage: {
      held: async () => {
        await step();
        return { place: PLACE, person: { email: "a@example.com" }, next: 1 };
      },
    },
    invites: {
      find: async () => {
        await step();
        const state = toInviteState(CODED, world.queue.entry);
        if (!state || own === undefined || !world.weakness.believesItself) return state;
        return { ...state, state: "redeemed", attempt: own, closedAt: "2026-03-01T09:30:00.000Z" };
      },
    },
    ...{ clock: () => 0, secret: SECRET, stopping: new AbortController().signal },
  };
  const attempt: Attempt = { code: CODE, by: "shop", key };
  return redeemInvite(deps, attempt).then(
    () => "200",
    (error: unknown) => {
      if (error instanceof ProblemError) return error.code;
      throw error;
    },
  );
}

const PLACE = {
  ...{ joinOffset: 0, eventId: "e0", position: 1, joinedAt: "2026-03-01T09:30:00.000Z" },
  ...{ status: "invited" as const, confirmed: true },
};
