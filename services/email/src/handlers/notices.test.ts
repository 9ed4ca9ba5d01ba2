import type { EntryRecord } from "@waitlist/roster";
import { describe, expect, test } from "vitest";
import {
  A,
  allocated,
  at,
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

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const pending = joined(0, A, { needsConfirmation: true });
const already = (offset: number) => `already:${A}:${offset}`;

/** The last batch's plan, at the time of its last record unless another is given. */
async function plan(batches: EntryRecord[][], now?: number) {
  const projection = projectionOver(createMemoryEntries());
  let last = planMails({ entries: new Map(), effects: [] }, 0);
  for (const records of batches) {
    last = planMails(await projection.apply(chunkOf(records)), now ?? records.at(-1)?.timestamp ?? 0);
  }
  return { ...last, ids: last.queue.map(({ id }) => id) };
}

describe("who signs up again is told so", () => {
  test("with the place's own number, under an id made of the repeat", async () => {
    const { queue } = await plan([[joined(0, B), joined(1)], [joined(2)]]);
    expect(queue).toMatchObject([
      { id: already(2), kind: "already", standing: "waiting", joinOffset: 1, position: 2, causeOffset: 2 },
    ]);
  });

  test("and by a replay after a crash, though the fold has judged the repeat before", async () => {
    expect((await plan([[joined(0)], [joined(1)], [joined(1)]])).ids).toEqual([already(1)]);
  });

  test("once, however many repeats stand in the batch of the signup itself", async () => {
    expect((await plan([[joined(0), joined(1), joined(2)]])).ids).toEqual([`welcome:${A}:0`, already(1)]);
    expect((await plan([[pending, joined(1), joined(2)]])).ids).toEqual([`confirmation:${A}:0`, already(1)]);
  });

  test("even where the repeat itself can't be read, since the mail goes to the place's address", async () => {
    expect((await plan([[joined(0)], [unreadable(joined(1))]])).ids).toEqual([already(1)]);
    expect((await plan([[unreadable(joined(0))], [joined(1)]])).ids).toEqual([]);
  });

  test("and nobody for a record that was delivered twice", async () => {
    const again = { ...joined(0), offset: 1 };
    expect((await plan([[joined(0)], [again]])).ids).toEqual([]);
  });
});

describe("an hour has to pass between two notices", () => {
  test.for([
    [HOUR - 1, []],
    [HOUR, [already(2)]],
  ] as const)("after %i ms: %j", async ([ms, ids]) => {
    // Ten to the hour, so that another hour begins between the two.
    const first = 50 * MINUTE;
    const batches = [[joined(0)], [at(first, joined(1))], [at(first + ms, joined(2))]];
    expect((await plan(batches)).ids).toEqual(ids);
  });

  test("whatever place they are about: leaving or being erased in between doesn't help", async () => {
    for (const ended of [left(2, 0), erased(2, 0)]) {
      const batches = [[joined(0)], [joined(1)], [ended], [joined(3)]];
      expect((await plan([...batches, [at(HOUR, joined(4))]])).ids).toEqual([]);
      expect((await plan([...batches, [at(1000 + HOUR, joined(4))]])).ids).toEqual([already(4)]);
    }
  });

  test("also where the log's clock goes back", async () => {
    expect((await plan([[joined(0)], [at(5 * HOUR, joined(1))], [at(0, joined(2))]])).ids).toEqual([]);
  });
});

describe("a repeat is not answered", () => {
  test("an hour or more after it: whoever catches up on old history doesn't write to hundreds", async () => {
    expect((await plan([[joined(0)], [at(0, joined(1))]], HOUR - 1)).ids).toEqual([already(1)]);
    expect((await plan([[joined(0)], [at(0, joined(1))]], HOUR)).ids).toEqual([]);
  });

  test("where its place has ended since, though another one has begun", async () => {
    expect((await plan([[joined(0)], [joined(1), left(2, 0)]])).ids).toEqual([]);
    expect((await plan([[joined(0)], [joined(1), left(2, 0), joined(3)]])).ids).toEqual([`welcome:${A}:3`]);
  });
});

describe("how the place stands", () => {
  test.for([
    [[pending], "pending"],
    [[pending, confirmed(1, 0)], "waiting"],
    [[joined(0), allocated(1, 0)], "invited"],
  ] as const)("%#: %s", async ([before, standing]) => {
    expect((await plan([[...before], [joined(3)]])).queue).toMatchObject([{ standing }]);
  });

  test("is that at the repeat: what comes later doesn't change it in a replay", async () => {
    const replayed = await plan([[joined(0)], [joined(1), allocated(2, 0)], [joined(1)]]);
    expect(replayed.queue).toMatchObject([{ id: already(1), standing: "waiting" }]);
  });

  test("once confirmed, nobody is asked again: the welcome says it all", async () => {
    expect((await plan([[pending], [joined(1), confirmed(2, 0)]])).ids).toEqual([`welcome:${A}:0`]);
    expect((await plan([[pending], [joined(1)], [confirmed(2, 0)]])).cancel).toContain(already(1));
    expect((await plan([[pending, confirmed(1, 0)], [joined(2)], [confirmed(1, 0)]])).cancel).not.toContain(
      already(2),
    );
    const invited = [[pending, allocated(1, 0)], [joined(2)], [confirmed(3, 0)]];
    expect((await plan(invited)).cancel).not.toContain(already(2));
  });
});

describe("the end of a place", () => {
  test("takes its notice back, and by erasure forgets it, in a replay too", async () => {
    expect((await plan([[joined(0)], [joined(1)], [left(2, 0)]])).cancel).toEqual([
      `welcome:${A}:0`,
      already(1),
    ]);
    const twice = [[joined(0)], [joined(1)], [erased(2, 0)], [erased(2, 0)]];
    expect((await plan(twice)).forget).toContain(already(1));
  });

  test("leaves the notice of the next place alone", async () => {
    const history = [joined(0), left(1, 0), joined(2), joined(3)];
    expect((await plan([history, [left(1, 0)]])).cancel).not.toContain(already(3));
  });

  test("keeps nothing of the person but when that was", async () => {
    const store = createMemoryEntries();
    await projectionOver(store).apply(chunkOf([joined(0), joined(1), erased(2, 0)]));
    const erasedEntry = (await store.load([A])).get(A);
    expect(erasedEntry?.details).toEqual({ address: null, noticed: { offset: 1, at: 1000 } });
  });
});
