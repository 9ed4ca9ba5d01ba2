import { createEvent, entryIdOf } from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { changedLists } from "./changed-lists.ts";

const entryId = entryIdOf("a secret", "one", "ada@example.com");
const about = { source: "/test", at: 0 };
const joined = (waitlistId: string) => ({
  event: createEvent(
    "WaitlistJoined",
    { waitlistId, entryId, email: "ada@example.com", needsConfirmation: false },
    about,
  ),
});
const left = (waitlistId: string) => ({
  event: createEvent("EntryLeft", { waitlistId, entryId, joinOffset: 3 }, about),
});
const asked = (waitlistId: string) => ({
  event: createEvent(
    "InviteBatchRequested",
    { waitlistId, batchId: "b", count: 1, requestedBy: "boss" },
    about,
  ),
});

describe("the lists that records change for others", () => {
  it("are not those that people only join", () => {
    expect(changedLists([joined("one"), joined("two")])).toEqual([]);
  });

  it("are not those of which only mails are spoken", () => {
    const mailId = `welcome:${entryId}:3`;
    const said = {
      waitlistId: "one",
      entryId,
      joinOffset: 3,
      mailId,
      cause: "bounced",
      source: "report",
    } as const;
    const resend = { waitlistId: "one", resendId: "m-1", mailIds: [mailId], requestedBy: "boss" };
    const events = [
      createEvent("EntryUndeliverable", said, about),
      createEvent("MailResendRequested", resend, about),
    ];
    expect(changedLists(events.map((event) => ({ event })))).toEqual([]);
  });

  it("are those of all else, once each", () => {
    expect(changedLists([joined("one"), left("two"), left("two"), asked("three"), left("one")])).toEqual([
      "two",
      "three",
      "one",
    ]);
  });
});
