import { createLogger, createRegistry } from "@waitlist/runtime";
import { describe, expect, test } from "vitest";
import { buildApp } from "./app.ts";
import type { Batch } from "./domain/batch.ts";
import type { ChosenPlace } from "./domain/choosing.ts";
import { MAX_ENTRIES } from "./routes/batches.ts";

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

function appWith(stored: Batch) {
  return buildApp({
    log: createLogger("invite", "silent"),
    registry: createRegistry("invite"),
    dependencies: { mongodb: { probe: () => true, required: true } },
    internalToken: TOKEN,
    codes: { find: async () => null },
    queue: { load: async () => new Map() },
    schedules: { find: async () => null, list: async () => [] },
    clock: Date.now,
    batches: {
      find: async (batchId) => (batchId === stored.batchId ? stored : null),
      list: async (waitlistId) => (waitlistId === stored.waitlistId ? [stored] : []),
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
  });

  test("shows no more entries than the bound", async () => {
    const many = { ...batch, progress: { upTo: 3 * MAX_ENTRIES, allocated: 3 * MAX_ENTRIES } };
    const { json } = await get(many, `${LIST}/b-1?include=entries`);
    expect(json().entries).toHaveLength(MAX_ENTRIES);
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

test("lists the batches of a list", async () => {
  expect((await get(batch, LIST)).json()).toMatchObject({ items: [{ batchId: "b-1" }] });
  expect((await get(batch, "/internal/waitlists/another/invite-batches")).json()).toEqual({ items: [] });
});

test("nobody without the shared token reads batches", async () => {
  expect((await get(batch, LIST, "another token")).statusCode).toBe(401);
  expect((await appWith(batch).inject({ url: LIST })).statusCode).toBe(401);
});

test.for([`${LIST}/b-1?include=people`, `${LIST}/b-1?more=1`, "/internal/waitlists/%7B%7D/invite-batches"])(
  "%s is refused",
  async (path) => {
    expect((await get(batch, path)).statusCode).toBe(400);
  },
);

test("is alive, ready and measured without a token", async () => {
  for (const url of ["/livez", "/readyz", "/metrics"]) {
    expect((await appWith(batch).inject({ url })).statusCode).toBe(200);
  }
});
