// Whatever happens at once, an invite is closed by what stands first on the log, and everybody is told the same.
import assert from "node:assert/strict";
import { attemptIdOf } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  CLOSINGS,
  createWorld,
  INVITE,
  redeem,
  SECRET,
  type Weakness,
  type World,
} from "./support/redemption-world.ts";

const RUNS = 2000;

/**
 * Few keys, so that some are retries of others. A gateway may write twice, and may die before any of its steps: then its
 * client asks another one with the same key.
 */
const attempt = fc.record({
  key: fc.constantFrom("a", "b", "c", "d"),
  again: fc.boolean(),
  diesAfter: fc.option(fc.nat(6), { nil: Number.POSITIVE_INFINITY }),
});

class Crash extends Error {}

/** The same steps, of a gateway that dies instead of its next one after so many. */
function mortal(step: () => Promise<void>, diesAfter: number): () => Promise<void> {
  let steps = 0;
  return async () => {
    if (steps >= diesAfter) throw new Crash();
    steps += 1;
    await step();
  };
}
const scenario = fc.record({
  attempts: fc.array(attempt, { minLength: 1, maxLength: 8 }),
  closings: fc.uniqueArray(fc.constantFrom(...(Object.keys(CLOSINGS) as (keyof typeof CLOSINGS)[])), {
    maxLength: 3,
  }),
  scheduler: fc.scheduler(),
});

interface Asking {
  key: string;
  again: boolean;
  diesAfter: number;
}
type How = keyof typeof CLOSINGS;

/** All of them at once, in the scheduler's order; throws where anybody is told anything but what the log says. */
async function allTold(
  world: World,
  { attempts, closings, scheduler }: { attempts: Asking[]; closings: How[]; scheduler: fc.Scheduler },
  died: () => void = () => undefined,
): Promise<void> {
  const step = () => scheduler.schedule(Promise.resolve());
  const close = async (how: How) => {
    await step();
    world.append(CLOSINGS[how]());
  };
  const ask = async (each: Asking) =>
    redeem(world, mortal(step, each.diesAfter), each).catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
      died();
      return redeem(world, step, each);
    });
  const people = attempts.map(async (each) => ({ ...each, told: await ask(each) }));
  const all = Promise.all([Promise.all(people), ...closings.map(close)]);
  const [told] = await scheduler.waitFor(followed(world, step, all));
  for (const { key, told: answer } of told) assert.equal(answer, onPaper(world, key), `to ${key}`);
  // Later retries are told the same.
  for (const { key } of told) {
    assert.equal(await redeem(world, async () => undefined, { key, again: false }), onPaper(world, key));
  }
}

const decidedByTheLog = (weakness: Weakness = {}) =>
  fc.asyncProperty(scenario, (made) => allTold(createWorld(weakness), made));

/** The invite service follows the log, record by record, until nobody writes any more. */
async function followed<T>(world: World, step: () => Promise<void>, all: Promise<T>): Promise<T> {
  let busy = true;
  const done = all.finally(() => {
    busy = false;
  });
  const follow = async () => {
    while (busy || world.isBehind()) {
      await step();
      if (world.isBehind()) world.applyNext();
    }
  };
  const [result] = await Promise.all([done, follow()]);
  return result;
}

/** The answer to a key, worked out from the log alone. */
function onPaper({ log }: World, key: string): string {
  const first = log.find(({ event, offset }) => offset > 1 && event.type !== "InviteAllocated")?.event;
  switch (first?.type) {
    case "InviteRedeemed": {
      const own = attemptIdOf(SECRET, { inviteId: INVITE.inviteId, keyName: "shop", idempotencyKey: key });
      return first.data.attempt === own ? "200" : "invite-redeemed";
    }
    case "InviteExpired":
      return "invite-expired";
    case "InviteWithdrawn":
      return "invite-withdrawn";
    default:
      return "invite-gone";
  }
}

test("any number of attempts among expiries, withdrawals and departures: the first on the log wins", async () => {
  await fc.assert(decidedByTheLog(), { numRuns: RUNS });
});

test("a gateway that dies before any of its steps, among rivals and other closings, leaves one answer", async () => {
  const rivals = ["a", "b", "b"].map((key) => ({ key, again: true, diesAfter: Number.POSITIVE_INFINITY }));
  let diesAfter = 0;
  for (let deaths = 1; deaths > 0; diesAfter += 1) {
    deaths = 0;
    const died = () => {
      deaths += 1;
    };
    const attempts = [{ key: "a", again: true, diesAfter }, ...rivals];
    for (const closings of [[], ["expired"], ["withdrawn"], ["left"]] satisfies How[][]) {
      const everyOrder = fc.asyncProperty(fc.scheduler(), (scheduler) =>
        allTold(createWorld({}), { attempts, closings, scheduler }, died),
      );
      await fc.assert(everyOrder, { numRuns: 100 });
    }
  }
  // Reading the invite, the two sides of the log, and asking what it has decided.
  expect(diesAfter).toBeGreaterThan(4);
});

const WITHOUT: Record<string, Weakness> = {
  "what is closed stays as it was closed": { rules: { isClosed: () => false } },
  "a departure closes an invite": { rules: { isOpen: () => true } },
  "a gateway asks what the log has decided": { believesItself: true },
};

describe("each guard is needed: without it, somebody is told something else", () => {
  test.for(Object.entries(WITHOUT))("%s", async ([_name, weakness]) => {
    const { failed } = await fc.check(decidedByTheLog(weakness), { numRuns: RUNS, endOnFailure: true });
    expect(failed).toBe(true);
  });
});
