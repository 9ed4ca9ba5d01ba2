import { createEvent, type StoredPlaces } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytesOf } from "./dead-letters-in-memory.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

const ENTRY = "a".repeat(26);
const origin = { source: "/test", at: 0 };
const join = createEvent(
  "WaitlistJoined",
  { waitlistId: LIST, entryId: ENTRY, email: "ada@example.com", needsConfirmation: false },
  { ...origin, id: "e-ada" },
);
const confirmed = createEvent(
  "EntryConfirmed",
  { waitlistId: LIST, entryId: ENTRY, joinOffset: 1 },
  { ...origin, id: "e-confirmed" },
);
const place = (joinOffset: number, more: object = {}) => ({
  ...{ joinOffset, eventId: `e-${joinOffset}`, position: 1, status: "waiting" as const },
  ...{ confirmed: true, joinedAt: "2026-03-01T09:30:00.000Z", ...more },
});
const JUNK = Buffer.from("ada@example.com");

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.deadLetters.setAside({ offset: 7, value: JUNK, group: "storage" });
  world.deadLetters.setAside({
    offset: 9,
    value: bytesOf(join),
    cause: "/data/locale: Expected union value",
  });
});
afterEach(() => world.close());

const read = (path = "", key = KEYS.ops) =>
  world.app.inject({ url: `/v1/ops/dead-letters${path}`, headers: bearer(key) });
const post = (path: string, payload?: object, headers: Record<string, string> = {}) =>
  world.app.inject({
    ...{
      method: "POST",
      url: path === "redrive" ? "/v1/ops/redrive" : `/v1/ops/dead-letters/${path}`,
      headers: { ...bearer(KEYS.ops), ...headers },
    },
    ...(payload ? { payload } : {}),
  });
const stored = (places: StoredPlaces["places"], more: Partial<StoredPlaces> = {}) =>
  world.records.set(ENTRY, { places, repeatIds: [], next: 100, erased: false, ...more });

describe("dead letters", () => {
  it("are listed with their cause and what can be read of them, and nothing personal", async () => {
    const response = await read();
    expect(response.json().items).toMatchObject([
      {
        ...{ deadLetterId: "storage.4.7", status: "open", group: "storage", cause: "no JSON" },
        ...{ topic: "waitlist.events", partition: 4, offset: 7, bytes: JUNK.length, readable: false },
      },
      {
        ...{ deadLetterId: "email.4.9", eventType: "WaitlistJoined", eventId: "e-ada", waitlistId: LIST },
        ...{ entryId: ENTRY, readable: true, cause: "/data/locale: Expected union value" },
      },
    ]);
    expect(response.body).not.toContain("ada@");
    expect((await read("/email.4.9")).json()).toEqual(response.json().items[1]);
  });

  it("come page by page, by status, and what is set aside meanwhile comes last", async () => {
    const first = (await read("?limit=1")).json();
    expect(first.items).toMatchObject([{ deadLetterId: "storage.4.7" }]);
    world.deadLetters.setAside({ offset: 3, value: JUNK, group: "invite" });
    const rest = (await read(`?limit=5&after=${first.next}`)).json();
    expect(rest.items).toMatchObject([{ deadLetterId: "email.4.9" }, { deadLetterId: "invite.4.3" }]);
    expect(rest.next).toBeNull();
    await post("email.4.9/redrive");
    const open = (await read("?status=open")).json().items;
    expect(open).toMatchObject([{ deadLetterId: "storage.4.7" }, { deadLetterId: "invite.4.3" }]);
    expect((await read("?status=redriven")).json().items).toMatchObject([{ deadLetterId: "email.4.9" }]);
  });

  it("that were written twice are one", async () => {
    world.deadLetters.setAside({ offset: 7, value: JUNK, group: "storage", cause: "another" });
    expect((await read()).json().items).toHaveLength(2);
    expect((await read("/storage.4.7")).json().cause).toBe("no JSON");
  });

  it("are for keys of the scope ops, and 404 for what there is none of", async () => {
    for (const key of [KEYS.admin, KEYS.read]) expect((await read("", key)).statusCode).toBe(403);
    expect((await read("", "nobody's")).statusCode).toBe(401);
    for (const id of ["email.4.8", "x", "a%2Fb"]) {
      expect((await read(`/${id}`)).json().code).toBe("dead-letter-not-found");
      expect((await post(`${id}/redrive`)).json().code).toBe("dead-letter-not-found");
    }
    for (const query of ["status=lost", "limit=0", "after=x"]) {
      expect((await read(`?${query}`)).statusCode).toBe(400);
    }
    world.broken.log = true;
    expect((await read()).statusCode).toBe(503);
  });
});

describe("a redrive", () => {
  it("of a signup that had no place says that it takes one at the end; once, and by whom", async () => {
    const response = await post("email.4.9/redrive");
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      ...{ deadLetterId: "email.4.9", status: "redriven", offset: 500, place: "end" },
      note: expect.stringContaining("at the end of the list"),
    });
    expect((await post("email.4.9/redrive")).json()).toEqual(response.json());
    expect(world.deadLetters.back).toEqual([{ id: "email.4.9", by: "mta" }]);
    expect((await read("/email.4.9")).json()).toMatchObject({
      ...{ status: "redriven", settled: { by: "mta", offset: 500 } },
    });
  });

  it("of a signup that has its place, or whose person has one by now, keeps it", async () => {
    stored([place(9)]);
    expect((await post("email.4.9/redrive")).json()).toMatchObject({ place: "kept" });
    world.deadLetters.setAside({ offset: 10, value: bytesOf(join) });
    stored([place(60)]);
    expect((await post("email.4.10/redrive")).json()).toMatchObject({ place: "kept" });
  });

  it("that was cut off after the log had it says the same as the first time", async () => {
    stored([place(80, { eventId: "e-ada" })]);
    expect((await post("email.4.9/redrive")).json()).toMatchObject({ place: "end" });
  });

  it.each([
    ["of what this build can't read", "storage.4.7", [], {}, /can't read it either \(no JSON\)/],
    [
      "of somebody who was erased",
      "email.4.9",
      [place(9, { endOffset: 20 })],
      { erased: true },
      /was erased/,
    ],
    ["of a place that was given up", "email.4.9", [place(9, { endOffset: 20 })], {}, /was given up/],
    ["of a repeat of one", "email.4.9", [place(5, { endOffset: 20 })], { repeatIds: ["e-ada"] }, /repeated/],
  ])("%s is refused, with a reason", async (_what, id, places, more, reason) => {
    stored(places, more);
    const response = await post(`${id}/redrive`);
    expect([response.statusCode, response.json().code]).toEqual([409, "dead-letter-not-redrivable"]);
    expect(response.json().detail).toMatch(reason);
    expect(world.deadLetters.back).toEqual([]);
  });

  it("of a definition is refused: it would undo what was set since", async () => {
    const data = { waitlistId: LIST, definition: definitionWith(), idKeyVersion: "k" };
    const value = bytesOf(createEvent("WaitlistDefined", data, origin));
    world.deadLetters.setAside({ offset: 30, value });
    expect((await post("email.4.30/redrive")).json().detail).toMatch(/undo/);
  });

  it("settles the letters of all services about the record, and of a fact says that it counts where it stands", async () => {
    for (const group of ["storage", "email"]) {
      world.deadLetters.setAside({ offset: 40, value: bytesOf(confirmed), group });
    }
    const answer = (await post("storage.4.40/redrive")).json();
    expect(answer).not.toHaveProperty("place");
    expect((await read("/email.4.40")).json()).toMatchObject({ status: "redriven" });
    expect((await post("email.4.40/redrive")).json()).toMatchObject({ offset: answer.offset });
    expect(world.deadLetters.back).toHaveLength(1);
  });

  it("is answered from its Idempotency-Key, and another body under it is refused", async () => {
    const key = { "idempotency-key": "k1" };
    const first = await post("email.4.9/redrive", {}, key);
    expect((await post("email.4.9/redrive", {}, key)).json()).toEqual(first.json());
    expect((await post("email.4.9/redrive", undefined, key)).statusCode).toBe(422);
  });
});

describe("redriving all", () => {
  it("goes by the order of the log, once a record, and tells what stays and why", async () => {
    world.deadLetters.setAside({ offset: 8, value: bytesOf(confirmed), group: "storage" });
    world.deadLetters.setAside({ offset: 9, value: bytesOf(join), group: "storage" });
    const response = await post("redrive");
    expect(response.statusCode).toBe(202);
    expect(response.json()).toMatchObject({
      redriven: [{ deadLetterId: "storage.4.8" }, { deadLetterId: "email.4.9", place: "end" }],
      refused: [{ deadLetterId: "storage.4.7", detail: expect.stringContaining("can't read") }],
      open: 1,
    });
    expect((await post("redrive")).json()).toMatchObject({ redriven: [], open: 1 });
    expect(world.deadLetters.back).toHaveLength(2);
  });

  it("stops where storage can't say who has a place", async () => {
    world.broken.storage = true;
    expect((await post("redrive")).statusCode).toBe(503);
    expect(world.deadLetters.back).toEqual([]);
  });
});

describe("discarding", () => {
  it("keeps the reason and who gave it, and is for good", async () => {
    const response = await post("storage.4.7/discard", { reason: "junk" });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({ status: "discarded", settled: { by: "mta", reason: "junk" } });
    expect((await post("storage.4.7/discard", { reason: "other" })).json().settled.reason).toBe("junk");
    expect((await post("storage.4.7/redrive")).json().code).toBe("dead-letter-settled");
    await post("email.4.9/redrive");
    expect((await post("email.4.9/discard", { reason: "junk" })).json().code).toBe("dead-letter-settled");
  });

  it("needs a reason", async () => {
    for (const body of [{}, { reason: "" }, { reason: "x", why: "y" }]) {
      expect((await post("storage.4.7/discard", body)).statusCode).toBe(400);
    }
  });
});
