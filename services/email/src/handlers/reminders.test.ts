import { Value } from "@sinclair/typebox/value";
import { WaitlistDefinition } from "@waitlist/contracts";
import type { EntryRecord } from "@waitlist/roster";
import { describe, expect, test, vi } from "vitest";
import {
  allocated,
  at,
  batchOf,
  createMemoryEntries,
  erased,
  expired,
  joined,
  left,
  projectionOver,
  redeemed,
  withdrawn,
} from "../../test/support/happenings.ts";
import { createMemoryLedger } from "../../test/support/memory-ledger.ts";
import { createHistoryHandler } from "./history.ts";

const HOUR = 60 * 60 * 1000;
const INVITED_AT = Date.parse("2026-05-01T17:00:00Z");
const REMINDED_AT = INVITED_AT + 144 * HOUR;
const EXPIRES = "2026-05-08T17:00:00Z";
const REMINDER = "reminder:i-1";
const invited = at(INVITED_AT, allocated(1, 0, "i-1", undefined, EXPIRES));

function start(invites: object = { reminderHours: 24 }) {
  let now = INVITED_AT;
  const clock = () => now;
  const ledger = createMemoryLedger(clock);
  const offer = vi.fn();
  const definition = Value.Default(WaitlistDefinition, { name: "First", invites }) as WaitlistDefinition;
  const inForce = async () => ({ waitlistId: "first", offset: 0, eventId: "e0", definition, at: 0 });
  const handler = createHistoryHandler({
    definitions: { keep: async () => undefined, all: async () => [], inForce },
    projection: projectionOver(createMemoryEntries()),
    sender: { offer },
    metrics: { count: () => undefined },
    resendMails: async () => [],
    ...{ ledger, clock },
  });
  return {
    ...{ ledger, offer },
    setClock: (to: number) => {
      now = to;
    },
    apply: (...records: EntryRecord[]) => handler.apply(batchOf(records)),
  };
}

describe("a reminder", () => {
  test("is laid by with its invite, and found when it is due", async () => {
    const { ledger, apply, setClock, offer } = start();
    await apply(joined(0), invited);
    expect(ledger.rows.get(REMINDER)).toMatchObject({ state: "queued", notBefore: REMINDED_AT });
    expect(await ledger.due(10)).not.toContain(REMINDER);
    setClock(REMINDED_AT);
    expect(await ledger.due(10)).toContain(REMINDER);
    // Until then it takes no room in the sender's memory.
    expect(offer.mock.calls.flat(2)).toEqual(["welcome:aaaaaaaaaaaaaaaaaaaaaaaaaa:0", "invite:i-1"]);
  });

  test("is laid by once, however often its invite is read", async () => {
    const { ledger, apply, setClock } = start();
    await apply(joined(0), invited);
    await ledger.cancel([REMINDER]);
    setClock(INVITED_AT + HOUR);
    await apply(invited);
    expect(ledger.rows.get(REMINDER)?.state).toBe("suppressed");
  });

  test.for([{}, { reminderHours: 200, lifetimeHours: 201 }])("is not laid by under %j", async (invites) => {
    const { ledger, apply } = start(invites);
    await apply(joined(0), invited);
    expect([...ledger.rows.keys()]).not.toContain(REMINDER);
  });

  test("is left out where the invite itself is mailed that late", async () => {
    const { ledger, apply, setClock } = start();
    setClock(REMINDED_AT);
    await apply(joined(0), invited);
    expect([...ledger.rows.keys()]).toContain("invite:i-1");
    expect([...ledger.rows.keys()]).not.toContain(REMINDER);
  });

  test.for([redeemed(2, 0), expired(2, 0), withdrawn(2, 0), left(2, 0), erased(2, 0)])(
    "is taken back by $event.type, in a replay too",
    async (closing) => {
      const { ledger, apply } = start();
      await apply(joined(0), invited);
      await apply(closing);
      expect(ledger.rows.get(REMINDER)?.state).toBe("suppressed");
      // A former owner that comes late may put it there once more.
      ledger.rows.delete(REMINDER);
      await ledger.queue([...ledger.rows.values()].slice(0, 1).map((mail) => ({ ...mail, id: REMINDER })));
      await apply(closing);
      expect(ledger.rows.get(REMINDER)?.state).toBe("suppressed");
    },
  );

  test("is not laid by for an invite that is closed by now", async () => {
    const { ledger, apply } = start();
    await apply(joined(0), invited, redeemed(2, 0));
    expect([...ledger.rows.keys()]).not.toContain(REMINDER);
  });

  test("of another invite is left alone", async () => {
    const { ledger, apply } = start();
    await apply(joined(0), invited);
    await apply(redeemed(2, 0, "i-2"));
    expect(ledger.rows.get(REMINDER)?.state).toBe("queued");
  });
});
