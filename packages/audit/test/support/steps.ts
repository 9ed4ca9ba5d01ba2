// Histories made up by chance: what people, admins and timers do, and what the invite service says of it.
import fc from "fast-check";
import { ask, createHistory, entry, type History } from "./history.ts";

const PEOPLE = 6;
const BY = { requestedBy: "an admin" };

type Closes = "redeem" | "expire" | "requeue" | "withdraw";

export type Step =
  | { act: "join"; person: number; needsConfirmation: boolean; copies: boolean }
  | { act: "confirm" | "leave" | "erase"; pick: number }
  | { act: "ask"; batch: number; count: number }
  | { act: "name"; batch: number; people: number[] }
  | { act: Closes; pick: number }
  | { act: "withdrawBatch"; batch: number }
  | { act: "define"; reclaim: boolean };

const person = fc.nat({ max: PEOPLE - 1 });
const pick = fc.nat({ max: 40 });
const batch = fc.nat({ max: 7 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      act: fc.constant("join"),
      person,
      needsConfirmation: fc.boolean(),
      copies: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ act: fc.constantFrom("confirm", "leave", "erase"), pick }) },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("ask"), batch, count: fc.integer({ min: 1, max: 4 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant("name"),
      batch,
      people: fc.uniqueArray(person, { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ act: fc.constantFrom("redeem", "expire", "requeue", "withdraw"), pick }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("withdrawBatch"), batch }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant("define"), reclaim: fc.boolean() }) },
) as fc.Arbitrary<Step>;

/** Puts a step on the log, and after it what the invite service would say of every batch that it began. */
function put(history: History, step: Step, told: Set<string>): void {
  write(history, step);
  for (const { batchId, chosen, withdrawn, untoldWithdrawals } of history.list().batches) {
    if (!told.has(batchId)) {
      told.add(batchId);
      history.tell(batchId);
      history.complete(batchId);
    }
    if (withdrawn === undefined) continue;
    for (const { inviteId, entryId, joinOffset } of chosen.values()) {
      if (!untoldWithdrawals.has(inviteId)) continue;
      history.put("InviteWithdrawn", { inviteId, entryId, joinOffset, requestedBy: "an admin" });
    }
  }
}

const picked = <T>(from: T[], pick: number): T | undefined => from[pick % Math.max(from.length, 1)];

const ENDS = { confirm: "EntryConfirmed", leave: "EntryLeft", erase: "EntryErased" } as const;

function write(history: History, step: Step): void {
  switch (step.act) {
    case "define":
      history.define({ reclaim: step.reclaim });
      return;
    case "join": {
      const former = history.records.find(({ event }) => isJoinOf(event, step.person));
      history.join(step.person, step.needsConfirmation, step.copies ? former?.event.id : undefined);
      return;
    }
    case "ask":
      ask(history, `b-${step.batch}`, step.count);
      return;
    case "name": {
      const entryIds = step.people.map(entry);
      history.put("InviteBatchRequested", { batchId: `b-${step.batch}`, entryIds, ...BY });
      return;
    }
    case "withdrawBatch":
      history.put("InviteBatchWithdrawn", { batchId: `b-${step.batch}`, ...BY });
      return;
    case "confirm":
    case "leave":
    case "erase": {
      const place = picked(history.list().places, step.pick);
      if (place) history.put(ENDS[step.act], { entryId: place.entryId, joinOffset: place.joinOffset });
      return;
    }
    default:
      close(history, step);
  }
}

function close(history: History, { act, pick }: { act: Closes; pick: number }): void {
  const chosen = history.list().batches.flatMap((each) => [...each.chosen.values()]);
  const found = picked(chosen, pick);
  if (!found) return;
  const { inviteId, entryId, joinOffset } = found;
  const about = { inviteId, entryId, joinOffset };
  if (act === "redeem") history.put("InviteRedeemed", { ...about, attempt: "once" });
  else if (act === "withdraw") history.put("InviteWithdrawn", { ...about, ...BY });
  else history.put("InviteExpired", { ...about, ...(act === "requeue" ? { requeue: true } : {}) });
}

const isJoinOf = (event: History["records"][number]["event"], who: number) =>
  event.type === "WaitlistJoined" && event.data.entryId === entry(who);

export const histories = fc.array(step, { maxLength: 60 });

/** The log that these steps make, on a list that reclaims from the beginning. */
export function written(steps: Step[]): History {
  const history = createHistory();
  history.define({ reclaim: true });
  const told = new Set<string>();
  for (const each of steps) put(history, each, told);
  return history;
}
