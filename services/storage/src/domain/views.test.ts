import type { Closing, Place } from "@waitlist/roster";
import { describe, expect, it } from "vitest";
import type { Person } from "./person.ts";
import { type Entry, toAdminEntry, toHeldPlace, toReadModel, toStoredEntry } from "./views.ts";

const entryId = "abcdefghijklmnopqrstuvwxyz";
const invite = { inviteId: "i-1", batchId: "b-1", code: "AAAA-AAAA-AAAA", expiresAt: "2030-01-01T00:00:00Z" };
const person: Person = {
  ...{ email: "ada@example.com", name: "Ada", answers: { why: "x" }, referredBy: "bbbbbbbbbb" },
  ...{ consent: true, invite, history: [{ type: "WaitlistJoined", at: 0, offset: 7, eventId: "e7" }] },
};
const place: Place = {
  ...{ joinOffset: 7, eventId: "e7", position: 3, joinedAt: Date.UTC(2026, 2, 1), needsConfirmation: true },
  ...{ confirmedOffset: 8, confirmedAt: Date.UTC(2026, 2, 2) },
};
const invited: Place = {
  ...place,
  invite: { inviteId: "i-1", batchId: "b-1", offset: 9, at: Date.UTC(2026, 2, 3) },
};
const closedBy = (how: Closing["how"], requeued: boolean): Place => {
  const at = { offset: 11, at: Date.UTC(2026, 2, 4), seenOffset: 12 };
  const closed: Closing = { how, ...at, ...(requeued ? { requeued } : {}) };
  return {
    ...place,
    invite: { inviteId: "i-1", batchId: "b-1", offset: 9, at: Date.UTC(2026, 2, 3), closed },
  };
};
const entryWith = (last: Place, details: Person | null = person): Entry => ({
  ...{ entryId, waitlistId: "first", repeatIds: [], lastOffset: 12, details },
  places: [{ ...place, joinOffset: 1, position: 1, endOffset: 2 }, last],
});
const shown = { position: "3", joinOffset: "7", joinedAt: "2026-03-01T00:00:00.000Z", lastOffset: "12" };

describe("an entry in the read model", () => {
  it("is its newest place", () => {
    expect(toReadModel(entryWith(place))).toEqual({
      ...{ ...shown, status: "waiting", referredBy: "bbbbbbbbbb" },
      ...{ inviteCode: "", inviteExpiresAt: "" },
    });
  });

  it("shows an invite only while there is one", () => {
    expect(toReadModel(entryWith(invited))).toMatchObject({
      ...{ status: "invited", inviteCode: invite.code, inviteExpiresAt: invite.expiresAt },
    });
    expect(toReadModel(entryWith({ ...invited, endOffset: 12 }))).toMatchObject({
      ...{ status: "left", inviteCode: "", inviteExpiresAt: "" },
    });
  });

  it.each([
    ["redeemed", "redeemed"],
    ["expired", "expired"],
    ["withdrawn", "withdrawn"],
    ["expired", "waiting"],
  ] as const)("shows no invite that is %s; its status is %s", (how, status) => {
    const entry = entryWith(closedBy(how, status === "waiting"));
    expect(toReadModel(entry)).toMatchObject({ status, inviteCode: "", inviteExpiresAt: "" });
    expect(toStoredEntry(entry, 0, 0)).toMatchObject({ status });
    expect(toStoredEntry(entry, 0, 0)).not.toHaveProperty("invite");
  });

  it("counts for nobody before its address is confirmed, where that is asked for", () => {
    const { confirmedOffset: _offset, confirmedAt: _at, ...unconfirmed } = place;
    const pending = unconfirmed;
    expect(toReadModel(entryWith(pending))).toMatchObject({ status: "pending", referredBy: "" });
    const confirmed = { ...pending, confirmedOffset: 12, confirmedAt: 0 };
    expect(toReadModel(entryWith(confirmed))).toMatchObject({ status: "waiting", referredBy: "bbbbbbbbbb" });
  });

  it("counts for nobody once its place was given up", () => {
    expect(toReadModel(entryWith({ ...place, endOffset: 12 }))).toMatchObject({ referredBy: "" });
  });

  it("holds nothing of the person, erased or not", () => {
    const text = JSON.stringify(toReadModel(entryWith(invited)));
    for (const personal of ["ada", "Ada", "why"]) expect(text).not.toContain(personal);
    expect(toReadModel(entryWith({ ...place, endOffset: 12 }, null))).toEqual({
      ...{ ...shown, status: "left", referredBy: "", inviteCode: "", inviteExpiresAt: "" },
    });
  });
});

describe("an entry for its status page", () => {
  it("has the place, who is ahead and whom it brought", () => {
    expect(toStoredEntry(entryWith(invited), 2, 4)).toEqual({
      ...{ waitlistId: "first", entryId, status: "invited", position: 3, ahead: 2, joinOffset: 7 },
      ...{ joinedAt: "2026-03-01T00:00:00.000Z", referralCode: "abcdefghij", referrals: 4 },
      invite: { code: invite.code, expiresAt: invite.expiresAt },
    });
  });

  it("has no invite where it isn't there or could not be read", () => {
    expect(toStoredEntry(entryWith(place), 0, 0)).not.toHaveProperty("invite");
    const { invite: _unread, ...unread } = person;
    expect(toStoredEntry(entryWith(invited, unread), 0, 0)).toMatchObject({ status: "invited" });
    expect(toStoredEntry(entryWith(invited, unread), 0, 0)).not.toHaveProperty("invite");
  });
});

describe("an entry for admins", () => {
  it("shows that the address is a throw-away one", () => {
    expect(toAdminEntry(entryWith(place), { ...person, disposable: true }, 0)).toHaveProperty(
      "disposable",
      true,
    );
    expect(toAdminEntry(entryWith(place), person, 0)).not.toHaveProperty("disposable");
  });

  it("has what the person said and what became of the place, but no history", () => {
    const { history: _history, consent: _consent, ...known } = person;
    expect(toAdminEntry(entryWith(invited), person, 4)).toEqual({
      ...{ ...known, entryId, waitlistId: "first", position: 3, status: "invited" },
      ...{ joinedAt: "2026-03-01T00:00:00.000Z", confirmedAt: "2026-03-02T00:00:00.000Z" },
      ...{ invitedAt: "2026-03-03T00:00:00.000Z", referralCode: "abcdefghij", referrals: 4 },
    });
  });

  it.each(["redeemed", "expired", "withdrawn"] as const)("says when its invite was %s", (how) => {
    const entry = toAdminEntry(entryWith(closedBy(how, false)), person, 0);
    expect(entry).toMatchObject({ status: how, [`${how}At`]: "2026-03-04T00:00:00.000Z" });
    expect(entry).toMatchObject({ invitedAt: "2026-03-03T00:00:00.000Z", invite: { inviteId: "i-1" } });
    const others = ["redeemedAt", "expiredAt", "withdrawnAt"].filter((field) => field !== `${how}At`);
    for (const field of others) expect(entry).not.toHaveProperty(field);
  });

  it("says since when its address takes no mail, and why", () => {
    const undeliverable = { at: Date.UTC(2026, 2, 5), offset: 13, cause: "bounced", status: "5.1.1" };
    const entry = { ...entryWith(place), details: { ...person, undeliverable } };
    const shown = { at: "2026-03-05T00:00:00.000Z", cause: "bounced", status: "5.1.1" };
    expect(toAdminEntry(entry, entry.details, 0).undeliverable).toEqual(shown);
    // It is held about the person, who is to see it, though nothing that they gave.
    expect(toHeldPlace(entry, 7, 14).person?.undeliverable).toEqual(shown);
  });

  it("that waits again says when its invite expired", () => {
    const entry = toAdminEntry(entryWith(closedBy("expired", true)), person, 0);
    expect(entry).toMatchObject({ status: "waiting", expiredAt: "2026-03-04T00:00:00.000Z" });
  });

  it("is there without an address where that could not be read", () => {
    const entry = toAdminEntry(entryWith(place), { email: null, history: [] }, 0);
    expect(entry).toMatchObject({ email: null, status: "waiting", position: 3 });
  });
});
