import { type InviteBatch, MAX_BATCH_ENTRIES } from "@waitlist/contracts";
import { currentPlace, type Place, statusOf } from "@waitlist/roster";
import { createLogger, createRegistry } from "@waitlist/runtime";
import { describe, expect, test } from "vitest";
import { buildApp } from "./app.ts";
import type { Batch } from "./domain/batch.ts";
import { type ChosenPlace, ELIGIBLE, type QueueEntry } from "./domain/choosing.ts";
import { createPreviewBatch } from "./handlers/preview-batch.ts";

const TOKEN = "an internal token";
const PART_SIZE = 500;

const batch: Batch = {
  ...{
    batchId: "b-1",
    waitlistId: "socialode",
    offset: 9,
    requestedAt: 0,
    requestedBy: "ada",
    note: "first",
  },
  ...{ count: 3, partSize: PART_SIZE, decision: null, progress: { upTo: 0, allocated: 0 } },
  ...{ isOnLog: false, withdrawn: null, completed: null },
};

const placeAt = (index: number): ChosenPlace => ({
  ...{ entryId: "a".repeat(26), joinOffset: index, position: index + 1, inviteId: `i-${index}` },
});

/** Of the same list, further back on the log. */
const older = (offset: number): Batch => ({ ...batch, batchId: `b-${offset}`, offset });

/** Waits, has been invited, is of another list. */
const people: QueueEntry[] = [
  personAt(1, {}),
  personAt(2, { invite: { inviteId: "i-2", batchId: "b-0", offset: 3, at: 3 } }),
  personAt(3, {}),
  { ...personAt(4, {}), waitlistId: "another" },
];
const [first, invited, third, foreign] = people.map(({ entryId }) => entryId);

function personAt(position: number, place: Partial<Place>): QueueEntry {
  const joined = { joinOffset: position, eventId: `e${position}`, position, joinedAt: 0 };
  return {
    ...{
      entryId: "abcdef".charAt(position).repeat(26),
      waitlistId: "socialode",
      repeatIds: [],
      lastOffset: 3,
    },
    ...{ details: null, places: [{ ...joined, needsConfirmation: false, ...place }] },
  };
}

const waiting = () =>
  people.filter((entry) => entry.waitlistId === "socialode" && statusOf(currentPlace(entry)) === ELIGIBLE);
const queue = {
  load: async (ids: string[]) =>
    new Map(people.filter(({ entryId }) => ids.includes(entryId)).map((entry) => [entry.entryId, entry])),
  eligible: async function* (_list: string, { limit }: { limit: number }) {
    yield waiting().slice(0, limit);
  },
  countEligible: async () => waiting().length,
};

function appWith(stored: Batch) {
  return buildApp({
    log: createLogger("invite", "silent"),
    registry: createRegistry("invite"),
    dependencies: { mongodb: { probe: () => true, required: true } },
    internalToken: TOKEN,
    codes: { find: async () => null },
    queue,
    preview: createPreviewBatch(queue, "a secret"),
    schedules: { find: async () => null, list: async () => [] },
    clock: Date.now,
    batches: {
      find: async (batchId) => (batchId === stored.batchId ? stored : null),
      list: async (waitlistId, { before, limit }) =>
        (waitlistId === stored.waitlistId ? [stored, older(4), older(2)] : [])
          .filter(({ offset }) => offset < before)
          .slice(0, limit),
      chosen: async (_batchId, part) =>
        Array.from({ length: PART_SIZE }, (_, index) => placeAt(part * PART_SIZE + index)),
    },
  });
}

const get = (stored: Batch, path: string, token = TOKEN) =>
  appWith(stored).inject({ url: path, headers: { authorization: `Bearer ${token}` } });

const LIST = "/internal/waitlists/socialode/invite-batches";
const decision = { taken: 2, highest: 7, expiresAt: 5 };

describe("a batch", () => {
  test("is requested until it is decided", async () => {
    const { json } = await get(batch, `${LIST}/b-1`);
    expect(json()).toEqual({
      ...{
        batchId: "b-1",
        waitlistId: "socialode",
        status: "requested",
        offset: 9,
        count: 3,
        allocated: 0,
        shortfall: 0,
      },
      ...{ note: "first", requestedAt: "1970-01-01T00:00:00.000Z", requestedBy: "ada" },
    });
  });

  test("is running, with its progress and the shortfall that is known, until its completion was read", async () => {
    const running = { ...batch, decision, progress: { upTo: 2, allocated: 2 }, isOnLog: true };
    const { json } = await get(running, `${LIST}/b-1`);
    expect(json()).toMatchObject({ status: "running", allocated: 2, shortfall: 1 });
  });

  test("of named entries says for ever that it was out of order, and why", async () => {
    const named = { entryIds: ["a".repeat(26)], reason: "found the bug in the form" };
    for (const stage of [{}, { decision, isOnLog: true, completed: { offset: 12, at: 1000 } }]) {
      const { json } = await get({ ...batch, named, ...stage }, `${LIST}/b-1`);
      expect(json()).toMatchObject({ outOfOrder: true, reason: "found the bug in the form" });
    }
    const { json } = await get(batch, `${LIST}/b-1`);
    expect(json()).not.toHaveProperty("outOfOrder");
  });

  test("is completed when its completion stands on the log, and since then", async () => {
    const completed = { ...batch, decision, isOnLog: true, completed: { offset: 12, at: 1000 } };
    const { json } = await get(completed, `${LIST}/b-1`);
    expect(json()).toMatchObject({ status: "completed", completedAt: "1970-01-01T00:00:01.000Z" });
  });

  test("shows the entries whose invites are on the log, in order of position, where they are asked for", async () => {
    const running = { ...batch, decision, progress: { upTo: 2, allocated: 2 } };
    const { json } = await get(running, `${LIST}/b-1?include=entries`);
    const entryId = "a".repeat(26);
    expect(json().entries).toEqual([
      { entryId, position: 1, inviteId: "i-0" },
      { entryId, position: 2, inviteId: "i-1" },
    ]);
    expect(json().entriesNext).toBeNull();
  });

  test("says what it was chosen from, and until when its invites live", async () => {
    const decided = { ...batch, decision: { ...decision, eligible: 40 } };
    const shown = { eligible: 40, taken: 2, expiresAt: "1970-01-01T00:00:00.005Z" };
    expect((await get(decided, `${LIST}/b-1`)).json()).toMatchObject(shown);
    expect((await get({ ...batch, decision }, `${LIST}/b-1`)).json()).not.toHaveProperty("eligible");
    const empty = { ...batch, decision: { taken: 0, highest: 0, eligible: 0, expiresAt: 5 } };
    expect((await get(empty, `${LIST}/b-1`)).json()).not.toHaveProperty("expiresAt");
  });

  test("shows no more entries than the bound, and says where the rest begins", async () => {
    const many = { ...batch, progress: { upTo: 3 * MAX_BATCH_ENTRIES, allocated: 3 * MAX_BATCH_ENTRIES } };
    const { json } = await get(many, `${LIST}/b-1?include=entries`);
    expect(json().entries).toHaveLength(MAX_BATCH_ENTRIES);
    expect(json().entriesNext).toBe(MAX_BATCH_ENTRIES);
  });

  test("shows its entries in pages of any size, each once", async () => {
    const running = { ...batch, progress: { upTo: 1203, allocated: 1203 } };
    const positions: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const path = `${LIST}/b-1?include=entries&limit=700&after=${after}`;
      const page: InviteBatch = (await get(running, path)).json();
      positions.push(...(page.entries ?? []).map(({ position }) => position));
      after = page.entriesNext ?? null;
    }
    expect(positions).toEqual(Array.from({ length: 1203 }, (_, index) => index + 1));
    const { json } = await get(running, `${LIST}/b-1?include=entries&after=5000`);
    expect(json()).toMatchObject({ entries: [], entriesNext: null });
  });

  test.for(["/internal/waitlists/another/invite-batches/b-1", `${LIST}/b-2`])(
    "isn't found at %s",
    async (path) => {
      const response = await get(batch, path);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: "batch-not-found" });
    },
  );
});

test("lists the batches of a list in pages, the newest first", async () => {
  const page = await get(batch, `${LIST}?limit=2`);
  expect(page.json()).toMatchObject({ items: [{ batchId: "b-1" }, { batchId: "b-4" }], next: 4 });
  const rest = await get(batch, `${LIST}?limit=2&after=4`);
  expect(rest.json()).toMatchObject({ items: [{ batchId: "b-2" }], next: null });
  const other = await get(batch, "/internal/waitlists/another/invite-batches");
  expect(other.json()).toEqual({ items: [], next: null });
});

describe("a batch that is only tried", () => {
  const preview = (payload: object) =>
    appWith(batch).inject({
      ...{ method: "POST", url: `${LIST}/preview`, payload },
      headers: { authorization: `Bearer ${TOKEN}` },
    });

  test("shows who would be invited, of how many, in order of position", async () => {
    expect((await preview({ count: 1 })).json()).toEqual({
      ...{ count: 1, eligible: 2, taken: 1, shortfall: 0 },
      entries: [{ entryId: first, position: 1 }],
    });
    expect((await preview({ count: 100_000 })).json()).toMatchObject({
      eligible: 2,
      taken: 2,
      shortfall: 99_998,
    });
  });

  test("tells which of the named would be invited, and of the others why not", async () => {
    const unknown = "z".repeat(26);
    expect((await preview({ entryIds: [third, invited, foreign, unknown, first] })).json()).toEqual({
      ...{ count: 5, eligible: 2, taken: 2, shortfall: 3 },
      entries: [
        { entryId: first, position: 1 },
        { entryId: third, position: 3 },
      ],
      skipped: [
        { entryId: invited, status: "invited" },
        { entryId: foreign, status: "unknown" },
        { entryId: unknown, status: "unknown" },
      ],
    });
  });

  test.for([{}, { count: 0 }, { count: 1, entryIds: ["a".repeat(26)] }, { entryIds: [] }])(
    "%j is refused",
    async (payload) => {
      expect((await preview(payload)).statusCode).toBe(400);
    },
  );
});

test("nobody without the shared token reads batches", async () => {
  expect((await get(batch, LIST, "another token")).statusCode).toBe(401);
  expect((await appWith(batch).inject({ url: LIST })).statusCode).toBe(401);
});

test.for([
  `${LIST}?limit=0`,
  `${LIST}?after=x`,
  `${LIST}/b-1?limit=10001`,
  `${LIST}/b-1?include=people`,
  `${LIST}/b-1?more=1`,
  "/internal/waitlists/%7B%7D/invite-batches",
])("%s is refused", async (path) => {
  expect((await get(batch, path)).statusCode).toBe(400);
});

test("is alive, ready and measured without a token", async () => {
  for (const url of ["/livez", "/readyz", "/metrics"]) {
    expect((await appWith(batch).inject({ url })).statusCode).toBe(200);
  }
});
