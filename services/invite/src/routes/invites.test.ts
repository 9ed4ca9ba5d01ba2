import { createLogger, createRegistry } from "@waitlist/runtime";
import { describe, expect, test } from "vitest";
import { buildApp } from "../app.ts";
import type { CodedInvite, QueueEntry } from "../domain/choosing.ts";

const TOKEN = "an internal token";
const CODE = "7KQM-X3RD-9WTA";
const invite: CodedInvite = {
  ...{ waitlistId: "socialode", batchId: "b-1", expiresAt: 5, entryId: "a".repeat(26) },
  ...{ joinOffset: 1, position: 1, inviteId: "i-1" },
};
const entry: QueueEntry = {
  ...{ entryId: invite.entryId, waitlistId: "socialode", repeatIds: [], lastOffset: 2, details: null },
  places: [
    {
      ...{ joinOffset: 1, eventId: "e1", position: 1, joinedAt: 0, needsConfirmation: false },
      invite: { inviteId: "i-1", batchId: "b-1", offset: 2, at: 0 },
    },
  ],
};

function world() {
  const asked: string[] = [];
  const app = buildApp({
    ...{ log: createLogger("invite", "silent"), registry: createRegistry("invite"), dependencies: {} },
    internalToken: TOKEN,
    codes: {
      find: async (code) => {
        asked.push("code");
        return code === CODE ? invite : null;
      },
    },
    queue: {
      load: async (ids) => {
        asked.push("entry");
        return new Map(ids.includes(entry.entryId) ? [[entry.entryId, entry]] : []);
      },
    },
    preview: async () => {
      throw new Error("no part of these tests");
    },
    batches: { find: async () => null, list: async () => [], chosen: async () => [] },
    schedules: { find: async () => null, list: async () => [] },
    clock: () => 0,
  });
  const get = (path: string) =>
    app.inject({ url: `/internal/invites/${path}`, headers: { authorization: `Bearer ${TOKEN}` } });
  return { get, asked };
}

describe("an invite by its code", () => {
  test("is shown as it is, with what it takes to redeem it", async () => {
    const { entryId, waitlistId, joinOffset, inviteId, batchId, position } = invite;
    expect((await world().get(CODE)).json()).toEqual({
      ...{ entryId, waitlistId, joinOffset, inviteId, batchId, position, state: "open" },
      expiresAt: "1970-01-01T00:00:00.005Z",
    });
  });

  test("asks the database for the same, whether there is such a code or not", async () => {
    for (const [code, status] of [
      [CODE, 200],
      ["7KQM-X3RD-9WTB", 404],
      ["-", 404],
    ] as const) {
      const { get, asked } = world();
      expect((await get(code)).statusCode).toBe(status);
      expect(asked, code).toEqual(["code", "entry"]);
    }
  });

  test("waits for its closing no longer than it was asked to, and that has a bound", async () => {
    const { get, asked } = world();
    expect((await get(`${CODE}?wait=30`)).json()).toMatchObject({ state: "open" });
    expect(asked.length).toBeGreaterThan(2);
    expect((await get(`${CODE}?wait=60000`)).statusCode).toBe(400);
  });
});
