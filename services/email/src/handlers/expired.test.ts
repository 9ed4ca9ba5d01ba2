// The mail that tells somebody that their invite's time is over.
import type { EntryRecord } from "@waitlist/roster";
import { describe, expect, test } from "vitest";
import {
  A,
  allocated,
  chunkOf,
  createMemoryEntries,
  erased,
  expired,
  joined,
  left,
  projectionOver,
  redeemed,
  requeued,
  unreadable,
  withdrawn,
} from "../../test/support/happenings.ts";
import { planMails } from "./history.ts";

const EXPIRED = "expired:i-1";
const invited = [joined(0), allocated(1, 0)];

/** The last batch's plan; each batch is applied after the one before. */
async function plan(...batches: EntryRecord[][]) {
  const projection = projectionOver(createMemoryEntries());
  let last = planMails({ entries: new Map(), effects: [] }, 0);
  for (const records of batches) last = planMails(await projection.apply(chunkOf(records)), 0);
  return { ...last, told: last.queue.filter(({ kind }) => kind === "expired") };
}

describe("whose invite has expired is told so", () => {
  test("once, under an id made of the invite, by a replay too", async () => {
    const about = {
      id: EXPIRED,
      kind: "expired",
      joinOffset: 0,
      position: 1,
      causedAt: 2000,
      causeOffset: 2,
    };
    expect((await plan(invited, [expired(2, 0)])).told).toMatchObject([about]);
    expect((await plan(invited, [expired(2, 0)], [expired(2, 0)])).told).toMatchObject([about]);
    expect((await plan(invited, [expired(2, 0)], [expired(3, 0)])).told).toEqual([]);
  });

  test("and whether the place waits for another one", async () => {
    expect((await plan(invited, [expired(2, 0)])).told[0]).not.toHaveProperty("requeued");
    expect((await plan(invited, [requeued(2, 0)])).told).toMatchObject([{ id: EXPIRED, requeued: true }]);
  });

  test("though the rest of the record can't be read: what closes an invite is frozen", async () => {
    expect((await plan(invited, [unreadable(expired(2, 0))])).told).toMatchObject([{ id: EXPIRED }]);
  });

  test("and its invite and reminder are taken back, but not that", async () => {
    const { cancel } = await plan(invited, [expired(2, 0)]);
    expect(cancel).toEqual(["invite:i-1", "reminder:i-1"]);
  });
});

describe("nobody is told", () => {
  test.for([redeemed(2, 0), withdrawn(2, 0)])("where $event.type came first", async (closing) => {
    expect((await plan(invited, [closing, expired(3, 0)])).told).toEqual([]);
    expect((await plan(invited, [closing], [expired(3, 0)], [expired(3, 0)])).told).toEqual([]);
  });

  test("of an invite that came when its time was over: nobody has heard of it", async () => {
    expect((await plan([joined(0)], [expired(1, 0)])).told).toEqual([]);
    expect((await plan([joined(0)], [expired(1, 0)], [allocated(2, 0)])).told).toEqual([]);
    expect((await plan([joined(0)], [expired(1, 0)], [allocated(2, 0)], [expired(1, 0)])).told).toEqual([]);
  });

  test.for([left(3, 0), erased(3, 0)])(
    "where the place has ended ($event.type), in a replay neither",
    async (end) => {
      expect((await plan(invited, [expired(2, 0), end])).told).toEqual([]);
      expect((await plan(invited, [expired(2, 0)], [end], [expired(2, 0)])).told).toEqual([]);
      expect((await plan(invited, [expired(2, 0)], [end])).cancel).toContain(EXPIRED);
      expect((await plan(invited, [expired(2, 0)], [end, joined(4)], [expired(2, 0)])).told).toEqual([]);
    },
  );

  test("by a replay, where the place has got another invite since", async () => {
    const again = [requeued(2, 0), allocated(3, 0, "i-2")];
    expect((await plan(invited, again, [requeued(2, 0)])).told).toEqual([]);
  });
});

test("an erasure forgets what every invite of the place left behind", async () => {
  const history = [...invited, requeued(2, 0), allocated(3, 0, "i-2"), erased(4, 0)];
  const mails = [EXPIRED, "invite:i-1", "reminder:i-1", "invite:i-2", "reminder:i-2"];
  expect((await plan(history)).forget).toEqual(expect.arrayContaining([...mails, `welcome:${A}:0`]));
});
