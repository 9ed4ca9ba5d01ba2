import type { Closing, Place } from "@waitlist/roster";
import { expect, test } from "vitest";
import { standingAt } from "./notice.ts";

const joined: Place = {
  ...{ joinOffset: 1, eventId: "e1", position: 1, joinedAt: 0, needsConfirmation: true },
  ...{ confirmedOffset: 3, confirmedAt: 0 },
};
const closedAt = (offset: number, more: Partial<Closing> = {}): Closing => ({
  ...{ how: "expired", offset, at: 0, seenOffset: offset },
  ...more,
});
const invite = (offset: number, closed?: Closing) => ({
  ...{ inviteId: `i-${offset}`, batchId: "b-1", offset, at: 0 },
  ...(closed ? { closed } : {}),
});

test("a place is pending until it is confirmed, waits until it is invited, and then is invited", () => {
  const place = { ...joined, invite: invite(5) };
  expect([2, 4, 6].map((offset) => standingAt(place, offset))).toEqual(["pending", "waiting", "invited"]);
});

test("a place that an expired invite put back waits until it gets another", () => {
  const former = invite(5, closedAt(7, { requeued: true }));
  const place = { ...joined, formerInvites: [former], invite: invite(9) };
  expect([6, 8, 10].map((offset) => standingAt(place, offset))).toEqual(["invited", "waiting", "invited"]);
});

test("an invite that was redeemed, withdrawn or has expired for good was one", () => {
  for (const how of ["redeemed", "withdrawn", "expired"] as const) {
    expect(standingAt({ ...joined, invite: invite(5, closedAt(7, { how })) }, 8)).toBe("invited");
  }
});
