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
  requeued,
  undeliverable,
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

/** Asked for by name, by a request at an offset. */
const resent = (offset: number) => ({ offset, resendId: `m-${offset}`, at: 0, by: "ada", byName: true });

/** Where a mail goes that is taken up after these records. */
async function goesTo(taken: Mail, ...records: EntryRecord[]) {
  const { entries } = await projectionOver(createMemoryEntries()).apply(chunkOf(records));
  return addresseeOf(taken, entries.get(A)).address;
}

describe("a mail that is taken up goes to the address of its place", () => {
  test("while that is open", async () => {
    expect(await goesTo(welcome, joined(0))).toBe("a@example.com");
    expect(await goesTo(welcome, joined(0), left(1, 0))).toBeNull();
    expect(await goesTo(welcome, joined(0), left(1, 0), joined(2))).toBeNull();
    expect(addresseeOf(welcome, undefined)).toEqual({ address: null });
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

  test("not if it is about an invite that is closed: not even where an admin asks for it", async () => {
    const invite = mail({ id: "invite:i-1", kind: "invite" });
    const invited = [joined(0), allocated(1, 0)];
    expect(await goesTo(invite, ...invited)).toBe("a@example.com");
    for (const closing of [redeemed(2, 0), expired(2, 0), withdrawn(2, 0)]) {
      expect(await goesTo(invite, ...invited, closing)).toBeNull();
      expect(await goesTo({ ...invite, resent: resent(3) }, ...invited, closing)).toBeNull();
    }
  });

  test("not if it tells of an invite's end and there is another one by now", async () => {
    const ended = mail({ id: "expired:i-1", kind: "expired" });
    const over = [joined(0), allocated(1, 0), requeued(2, 0)];
    expect(await goesTo(ended, ...over)).toBe("a@example.com");
    expect(await goesTo(ended, ...over, allocated(3, 0, "i-2"))).toBeNull();
  });
});

describe("an address that takes no mail", () => {
  const place = [joined(0), undeliverable(2, 0)];
  const addressee = async (taken: Mail, ...records: EntryRecord[]) => {
    const { entries } = await projectionOver(createMemoryEntries()).apply(chunkOf(records));
    return addresseeOf(taken, entries.get(A));
  };

  test("gets none, and the mail says why", async () => {
    expect(await addressee(welcome, ...place)).toEqual({ address: null, cause: "UNDELIVERABLE" });
    // Whoever has left gets none for that reason.
    expect(await addressee(welcome, ...place, left(3, 0))).toEqual({ address: null });
  });

  test("gets the one that an admin asks for by name, once that is known", async () => {
    expect(await goesTo({ ...welcome, resent: resent(3) }, ...place)).toBe("a@example.com");
    expect(await goesTo({ ...welcome, resent: resent(1) }, ...place)).toBeNull();
    expect(await goesTo({ ...welcome, resent: { ...resent(3), byName: false } }, ...place)).toBeNull();
  });

  test("is that of one place: who leaves and signs up again is written to again", async () => {
    const again = { ...welcome, id: `welcome:${A}:4`, joinOffset: 4 };
    expect(await goesTo(again, ...place, left(3, 0), joined(4))).toBe("a@example.com");
    expect(await goesTo(again, ...place, left(3, 0), joined(4), undeliverable(5, 0))).toBe("a@example.com");
    expect(await goesTo(again, ...place, left(3, 0), joined(4), undeliverable(5, 4))).toBeNull();
  });
});
