import type { EntryRecord } from "@waitlist/roster";
import { describe, expect, test } from "vitest";
import {
  A,
  allocated,
  B,
  chunkOf,
  confirmed,
  createMemoryEntries,
  erased,
  joined,
  left,
  projectionOver,
  unreadable,
} from "../../test/support/happenings.ts";
import { planMails } from "./history.ts";

const WELCOME = `welcome:${A}:0`;
const CONFIRMATION = `confirmation:${A}:0`;
const pending = joined(0, A, { needsConfirmation: true });

/** What the batches make of the ledger, the last one's plan; each batch is applied after the one before. */
async function planned(...batches: EntryRecord[][]) {
  const projection = projectionOver(createMemoryEntries());
  let plan = planMails({ entries: new Map(), effects: [] }, 0);
  for (const records of batches) plan = planMails(await projection.apply(chunkOf(records)), 0);
  return { queue: plan.queue.map(({ id }) => id), cancel: plan.cancel, forget: plan.forget };
}

describe("a welcome", () => {
  test("is queued for each new place, with its position and cause", async () => {
    const projection = projectionOver(createMemoryEntries());
    const { queue } = planMails(await projection.apply(chunkOf([joined(0), joined(1, B)])), 0);
    expect(queue).toMatchObject([
      { id: WELCOME, kind: "welcome", position: 1, joinOffset: 0, causeOffset: 0 },
      { id: `welcome:${B}:1`, kind: "welcome", position: 2, joinOffset: 1, causedAt: 1000 },
    ]);
    expect(JSON.stringify(queue)).not.toContain("@example.com");
  });

  test("is queued again by a replay, under the same id", async () => {
    expect((await planned([joined(0)], [joined(0)])).queue).toEqual([WELCOME]);
  });

  test("is not queued for a repeat, which is answered in its own way", async () => {
    expect((await planned([joined(0)], [joined(1)])).queue).toEqual([`already:${A}:1`]);
  });

  test("waits for the confirmation where one is needed", async () => {
    expect((await planned([pending])).queue).toEqual([CONFIRMATION]);
    expect((await planned([pending], [confirmed(1, 0)])).queue).toEqual([WELCOME]);
    expect((await planned([pending, confirmed(1, 0)], [confirmed(1, 0)])).queue).toEqual([WELCOME]);
  });

  test("is not queued where nobody can read the address, though the place is taken", async () => {
    expect((await planned([unreadable(joined(0))])).queue).toEqual([]);
  });

  test("is queued when the signup is back on the log and can be read, once, and never past a confirmation", async () => {
    const back = (offset: number, record: EntryRecord): EntryRecord => ({
      ...record,
      offset,
      redriven: { from: 0, by: "ops" },
    });
    const half = unreadable(joined(0));
    expect((await planned([half], [back(1, joined(0))])).queue).toEqual([WELCOME]);
    expect((await planned([half], [back(1, joined(0))], [back(1, joined(0))])).queue).toEqual([WELCOME]);
    expect((await planned([half, left(1, 0)], [back(2, joined(0))])).queue).toEqual([]);
    const halfPending = unreadable(pending);
    expect((await planned([halfPending], [back(1, pending)])).queue).toEqual([CONFIRMATION]);
    expect((await planned([halfPending, confirmed(1, 0)], [back(2, pending)])).queue).toEqual([WELCOME]);
  });

  test("is not queued for a place that has ended since, in the same batch or before a replay", async () => {
    expect(await planned([joined(0), left(1, 0)])).toEqual({ queue: [], cancel: [WELCOME], forget: [] });
    expect((await planned([joined(0)], [left(1, 0)], [joined(0)])).queue).toEqual([]);
  });

  test("belongs to the place: joining again is welcomed again", async () => {
    expect((await planned([joined(0), left(1, 0)], [joined(2)])).queue).toEqual([`welcome:${A}:2`]);
  });
});

describe("a confirmation", () => {
  test("is asked for once, and again by a replay under the same id", async () => {
    expect((await planned([pending], [pending])).queue).toEqual([CONFIRMATION]);
  });

  test("is not asked for any more once it has been made, in the same batch or before a replay", async () => {
    expect(await planned([pending, confirmed(1, 0)])).toEqual({
      queue: [WELCOME],
      cancel: [CONFIRMATION],
      forget: [],
    });
    expect((await planned([pending], [confirmed(1, 0)], [pending])).queue).toEqual([]);
  });

  test("takes back what still asks for it, a replay too", async () => {
    expect((await planned([pending], [confirmed(1, 0)])).cancel).toEqual([CONFIRMATION]);
    expect((await planned([pending], [confirmed(1, 0)], [confirmed(1, 0)])).cancel).toEqual([CONFIRMATION]);
  });

  test("is not asked for where the place has ended since, and leaving takes it back", async () => {
    expect((await planned([pending, left(1, 0)])).queue).toEqual([]);
    expect((await planned([pending], [left(1, 0)])).cancel).toEqual([CONFIRMATION, WELCOME]);
  });
});

describe("an invite", () => {
  test("is queued when it takes effect, with its code, and again by a replay", async () => {
    const mails = ["invite:i-1", "reminder:i-1"];
    expect((await planned([joined(0)], [allocated(1, 0)])).queue).toEqual(mails);
    expect((await planned([joined(0)], [allocated(1, 0)], [allocated(1, 0)])).queue).toEqual(mails);
  });

  test("Batch@1, Left@2, Allocated@3: no mail", async () => {
    expect((await planned([joined(0)], [left(2, 0), allocated(3, 0)])).queue).toEqual([]);
  });

  test("is not queued a second time for a place that has one", async () => {
    expect((await planned([joined(0), allocated(1, 0)], [allocated(2, 0, "i-2")])).queue).toEqual([]);
  });

  test("about an earlier place doesn't reach the next one", async () => {
    expect((await planned([joined(0), left(1, 0), joined(2)], [allocated(3, 0)])).queue).toEqual([]);
  });

  test("whose code nobody can read is not mailed", async () => {
    expect((await planned([joined(0)], [unreadable(allocated(1, 0))])).queue).toEqual([]);
  });
});

describe("the end of a place", () => {
  test("takes back all that it caused", async () => {
    expect(await planned([joined(0), allocated(1, 0)], [left(2, 0)])).toEqual({
      queue: [],
      cancel: [WELCOME, "invite:i-1", "reminder:i-1"],
      forget: [],
    });
  });

  test("by erasure also removes what could say something of the person", async () => {
    expect((await planned([joined(0)], [erased(1, 0)])).forget).toEqual([WELCOME]);
    expect((await planned([joined(0), left(1, 0)], [erased(2, 0)])).forget).toEqual([WELCOME]);
  });

  test("is finished by a replay, though the record changes nothing any more", async () => {
    const replayed = await planned([joined(0), left(1, 0), erased(2, 0)], [erased(2, 0)]);
    expect(replayed).toEqual({ queue: [], cancel: [WELCOME], forget: [WELCOME] });
  });

  test("leaves the mails of a later place alone", async () => {
    expect((await planned([joined(0), left(1, 0), joined(2)], [left(1, 0)])).cancel).toEqual([WELCOME]);
  });
});
