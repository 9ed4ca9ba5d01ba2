import type { EntryRecord } from "@waitlist/roster";
import { describe, expect, test } from "vitest";
import {
  A,
  allocated,
  at,
  chunkOf,
  confirmed,
  createMemoryEntries,
  expired,
  joined,
  left,
  projectionOver,
  redeemed,
  withdrawn,
} from "../../test/support/happenings.ts";
import { addresseeOf } from "./addressee.ts";
import type { Mail } from "./mail.ts";

const HOUR = 60 * 60 * 1000;
const pending = joined(0, A, { needsConfirmation: true });

const mail = (more: Pick<Mail, "id" | "kind" | "standing">): Mail => ({
  ...{ waitlistId: "first", entryId: A, joinOffset: 0, position: 1, definitionOffset: null, causedAt: 0 },
  ...more,
});
const confirmation = mail({ id: `confirmation:${A}:0`, kind: "confirmation" });
const welcome = mail({ id: `welcome:${A}:0`, kind: "welcome" });
const already = (offset: number, standing: Mail["standing"] = "waiting") =>
  mail({ id: `already:${A}:${offset}`, kind: "already", standing });

/** Where a mail goes that is taken up after these records. */
async function goesTo(taken: Mail, ...records: EntryRecord[]) {
  const { entries } = await projectionOver(createMemoryEntries()).apply(chunkOf(records));
  return addresseeOf(taken, entries.get(A));
}

describe("a mail that is taken up goes to the address of its place", () => {
  test("while that is open", async () => {
    expect(await goesTo(welcome, joined(0))).toBe("a@example.com");
    expect(await goesTo(welcome, joined(0), left(1, 0))).toBeNull();
    expect(await goesTo(welcome, joined(0), left(1, 0), joined(2))).toBeNull();
    expect(addresseeOf(welcome, undefined)).toBeNull();
  });

  test("which is not the one that a repeat gave", async () => {
    const elsewhere = joined(1, A, { email: "A+tag@example.com" });
    expect(await goesTo(already(1), joined(0), elsewhere)).toBe("a@example.com");
  });

  test("not if it asks for a confirmation that was given meanwhile", async () => {
    expect(await goesTo(confirmation, pending)).toBe("a@example.com");
    expect(await goesTo(confirmation, pending, confirmed(1, 0))).toBeNull();
    expect(await goesTo(already(1, "pending"), pending, joined(1))).toBe("a@example.com");
    expect(await goesTo(already(1, "pending"), pending, joined(1), confirmed(2, 0))).toBeNull();
  });

  test("not if it reminds of an invite that is closed, or isn't there any more", async () => {
    const reminder = mail({ id: "reminder:i-1", kind: "reminder" });
    const invited = [joined(0), allocated(1, 0)];
    expect(await goesTo(reminder, ...invited)).toBe("a@example.com");
    for (const closing of [redeemed(2, 0), expired(2, 0), withdrawn(2, 0), left(2, 0)]) {
      expect(await goesTo(reminder, ...invited, closing)).toBeNull();
    }
    expect(await goesTo(reminder, joined(0), allocated(1, 0, "i-2"))).toBeNull();
  });

  test("not if a newer one says the same: after an outage one notice is enough", async () => {
    const hours = [joined(0), at(0, joined(1)), at(HOUR, joined(2))];
    expect(await goesTo(already(1), ...hours)).toBeNull();
    expect(await goesTo(already(2), ...hours)).toBe("a@example.com");
  });
});
