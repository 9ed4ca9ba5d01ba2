import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { batch, CODE, invite } from "./invite-samples.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

const ONE = `invites/${CODE}/withdrawal`;
const ALL = `waitlists/${LIST}/invite-batches/b-1/withdrawal`;

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith());
  world.invites.byCode.set(CODE, invite);
  world.batches.set("b-1", batch);
});
afterEach(() => world.close());

const withdraw = (path: string, payload?: object, headers: Record<string, string> = {}) =>
  world.app.inject({
    ...{ method: "POST", url: `/v1/${path}`, headers: { ...bearer(KEYS.admin), ...headers } },
    ...(payload ? { payload } : {}),
  });
const written = () => world.events.map(({ type, data }) => ({ type, data }));

describe("taking an invite back", () => {
  const { waitlistId, entryId, joinOffset, inviteId } = invite;
  const data = { waitlistId, entryId, joinOffset, inviteId, requestedBy: "boss" };

  it("puts it on the log, with who asked and why", async () => {
    const response = await withdraw(ONE, { reason: "by mistake" });
    expect([response.statusCode, response.json()]).toEqual([
      202,
      { inviteId: "i-1", status: "withdrawal-requested" },
    ]);
    expect(written()).toEqual([{ type: "InviteWithdrawn", data: { ...data, reason: "by mistake" } }]);
  });

  it("needs no reason, and again does nothing more", async () => {
    expect((await withdraw(ONE)).statusCode).toBe(202);
    const again = await withdraw(ONE, {});
    expect([again.statusCode, again.json()]).toEqual([202, { inviteId: "i-1", status: "withdrawn" }]);
    expect(written()).toEqual([{ type: "InviteWithdrawn", data }]);
  });

  it.each(["redeemed", "expired", "left"] as const)("says where it was %s before", async (state) => {
    world.invites.byCode.set(CODE, { ...invite, state });
    expect((await withdraw(ONE)).json()).toEqual({ inviteId: "i-1", status: state });
    expect(world.events).toEqual([]);
  });

  it("takes a key without a body", async () => {
    const again = { "idempotency-key": "once" };
    expect((await withdraw(ONE, undefined, again)).statusCode).toBe(202);
    expect((await withdraw(ONE, undefined, again)).statusCode).toBe(202);
    expect(written()).toEqual([{ type: "InviteWithdrawn", data }]);
  });

  it("knows no other codes", async () => {
    for (const code of ["7KQM-X3RD-9WTA", "0O1I"]) {
      const response = await withdraw(`invites/${code}/withdrawal`);
      expect([response.statusCode, response.json().code]).toEqual([404, "invite-not-found"]);
    }
  });
});

describe("taking a batch back", () => {
  it("puts it on the log, with who asked and why", async () => {
    const response = await withdraw(ALL, { reason: "by mistake" });
    expect([response.statusCode, response.json()]).toEqual([
      202,
      { batchId: "b-1", status: "withdrawal-requested" },
    ]);
    const data = { waitlistId: LIST, batchId: "b-1", requestedBy: "boss", reason: "by mistake" };
    expect(written()).toEqual([{ type: "InviteBatchWithdrawn", data }]);
  });

  it("does nothing more where it was withdrawn before", async () => {
    world.batches.set("b-1", { ...batch, status: "withdrawn" });
    expect((await withdraw(ALL)).json()).toEqual({ batchId: "b-1", status: "withdrawn" });
    expect(world.events).toEqual([]);
  });

  it("tells a missing batch from a missing list", async () => {
    const codeOf = async (path: string) => (await withdraw(path)).json().code;
    expect(await codeOf(ALL.replace("b-1", "b-2"))).toBe("batch-not-found");
    expect(await codeOf(ALL.replace(LIST, "nobody"))).toBe("waitlist-not-found");
  });
});

describe.each([ONE, ALL])("POST %s", (path) => {
  it("is written once for a key, and refuses another body under it", async () => {
    const key = { "idempotency-key": "oops" };
    const first = await withdraw(path, { reason: "a" }, key);
    expect((await withdraw(path, { reason: "a" }, key)).json()).toEqual(first.json());
    expect((await withdraw(path, { reason: "b" }, key)).statusCode).toBe(422);
    expect(world.events).toHaveLength(1);
  });

  it.each<[string, object]>([
    ["an unknown field", { force: true }],
    ["a reason with a line break", { reason: "a\nb" }],
    ["a reason that is none", { reason: { $gt: "" } }],
    ["a list", []],
  ])("refuses %s", async (_what, payload) => {
    expect((await withdraw(path, payload)).statusCode).toBe(400);
    expect(world.events).toEqual([]);
  });

  it("is for admins", async () => {
    for (const key of [KEYS.read, KEYS.redeem])
      expect((await withdraw(path, {}, bearer(key))).statusCode).toBe(403);
    expect((await withdraw(path, {}, { authorization: "" })).statusCode).toBe(401);
    expect(world.events).toEqual([]);
  });
});
