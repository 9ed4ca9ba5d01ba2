// Storage's HTTP over a record of the test's own.
import { Value } from "@sinclair/typebox/value";
import {
  EntriesPage,
  ExplainedEntry,
  HeldPlace,
  People,
  partitionOf,
  StoredEntry,
  StoredPlaces,
  StoredWaitlist,
  WaitlistDefinition,
} from "@waitlist/contracts";
import { Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import type { EntryQueries } from "../src/adapters/mongo-queries.ts";
import { ReadModelIncomplete } from "../src/adapters/redis-read-model.ts";
import { buildApp } from "../src/app.ts";
import type { HistoryItem } from "../src/domain/person.ts";
import type { Entry } from "../src/domain/views.ts";
import { entryOf, idOf } from "./support/entries.ts";
import { silent } from "./support/redis.ts";

const internalToken = "0123456789abcdef";
const installation = { secretFingerprint: "abc", partitions: 12 };
const definition = Value.Default(WaitlistDefinition, { name: "A list", invites: {} }) as WaitlistDefinition;
const waiting = entryOf("first", 1, 4, { status: "waiting", position: 1 });
const invited = withHistory(entryOf("first", 2, 9, { status: "invited", position: 2 }), [
  { type: "WaitlistJoined", at: 2000, offset: 2, eventId: "e2" },
  { type: "InviteAllocated", at: 9000, offset: 9, eventId: "e9", by: "boss" },
]);
const unread = entryOf("first", 3, 10, { status: "waiting", position: 3 });
const entries = [waiting, invited, { ...unread, details: { email: null, history: [] } }];
const erased = { ...entryOf("first", 4, 8, { status: "left", position: 4 }), details: null };
const joinedAgain = joinedTwice();
const everybody: Entry[] = [...entries, erased, joinedAgain];

function withHistory(entry: Entry, history: HistoryItem[]): Entry {
  return { ...entry, details: entry.details && { ...entry.details, history } };
}

/** Left a place at 6, and joined again at 7. */
function joinedTwice(): Entry {
  const { places, details, ...entry } = entryOf("first", 5, 10, { status: "left", position: 5 });
  const later = { joinOffset: 7, eventId: "e7", position: 9, joinedAt: 9000, needsConfirmation: true };
  return {
    ...entry,
    places: [
      ...places.map((place) => ({ ...place, endOffset: 6 })),
      { ...later, confirmedOffset: 10, confirmedAt: 10_000 },
    ],
    details: details && { ...details, answers: { why: "x" }, consent: true, disposable: true },
  };
}

function appOver({ redisIsAway = false } = {}) {
  const asked: Parameters<EntryQueries["page"]>[] = [];
  const queries: EntryQueries = {
    find: async (id) => everybody.find(({ entryId }) => entryId === id) ?? null,
    findAll: async (list, ids) =>
      everybody.filter(({ entryId, waitlistId }) => waitlistId === list && ids.includes(entryId)),
    ahead: async () => 1,
    referrals: async (_list, codes) => new Map(codes.slice(0, 1).map((code) => [code, 4])),
    countOpen: async () => 3,
    page: async (...query) => {
      asked.push(query);
      return { entries, next: 3 };
    },
    stream: async function* () {
      yield* entries;
    },
    waitlistIds: async () => ["first"],
  };
  const readModel = {
    countOpen: async (_list: string, partition: number) => {
      if (redisIsAway) throw new ReadModelIncomplete("Redis is away");
      return 100 + partition;
    },
  };
  const cursors = { load: async () => ({ next: 11, recordId: "r10" }) };
  const definitions = {
    inForce: async (waitlistId: string, at = Number.MAX_SAFE_INTEGER) =>
      waitlistId === "first" && at >= 2
        ? { waitlistId, offset: 2, eventId: "d2", definition, at: 0, definedBy: "boss" }
        : null,
    ofEvent: async (waitlistId: string, eventId: string) =>
      waitlistId === "first" && eventId === "d1"
        ? { waitlistId, offset: 1, eventId, definition, at: 0, definedBy: "boss" }
        : null,
  };
  const app = buildApp({
    ...{ log: silent, registry: new Registry(), internalToken },
    dependencies: { redis: { probe: () => false, required: false } },
    reads: { definitions, queries, readModel, installation, cursors },
  });
  const ask = (url: string, token = internalToken) =>
    app.inject({ url, headers: { authorization: `Bearer ${token}` } });
  return { app, ask, asked };
}

const { app, ask, asked } = appOver();

test.each([
  "/internal/installation",
  "/internal/waitlists/first",
  "/internal/waitlists/first/definitions/d1",
  "/internal/waitlists/first/position",
  `/internal/entries/${idOf(1)}`,
  `/internal/waitlists/first/entries/${idOf(1)}`,
  `/internal/waitlists/first/entries/${idOf(1)}/places`,
  `/internal/waitlists/first/entries/${idOf(1)}/places/1`,
  "/internal/waitlists/first/entries",
])("%s asks for the shared token", async (url) => {
  expect((await ask(url)).statusCode).toBe(200);
  expect((await app.inject({ url })).statusCode).toBe(401);
  expect((await ask(url, "another")).statusCode).toBe(401);
});

test("how far a list's history is stored is the cursor of its partition, whether or not the list is known", async () => {
  expect((await ask("/internal/waitlists/unknown/position")).json()).toEqual({ next: 11 });
});

test("health and metrics are open, and Redis is not needed to be ready", async () => {
  for (const url of ["/livez", "/readyz", "/metrics"]) {
    expect((await app.inject({ url })).statusCode).toBe(200);
  }
});

test.each([
  ["/internal/waitlists/unknown", 404, "waitlist-not-found"],
  ["/internal/waitlists/first/definitions/d9", 404, "waitlist-not-found"],
  ["/internal/waitlists/unknown/entries", 404, "waitlist-not-found"],
  [`/internal/entries/${idOf(9)}`, 404, "entry-not-found"],
  ["/internal/entries/not-an-id", 400, "invalid-request"],
  [`/internal/waitlists/first/entries/${idOf(9)}`, 404, "entry-not-found"],
  [`/internal/waitlists/first/entries/${idOf(4)}`, 404, "entry-not-found"],
  [`/internal/waitlists/second/entries/${idOf(1)}`, 404, "entry-not-found"],
  ["/internal/waitlists/first/entries/not-an-id", 400, "invalid-request"],
  ["/internal/waitlists/first/entries/not-an-id/places", 400, "invalid-request"],
  [`/internal/waitlists/first/entries/${idOf(1)}/places/-1`, 400, "invalid-request"],
  ["/internal/waitlists/NoList", 400, "invalid-request"],
  ["/internal/waitlists/first/entries?limit=0", 400, "invalid-request"],
  ["/internal/waitlists/first/entries?limit=1001", 400, "invalid-request"],
  ["/internal/waitlists/first/entries?status=gone", 400, "invalid-request"],
  ["/internal/waitlists/first/entries?after=x", 400, "invalid-request"],
  ["/internal/waitlists/first/entries?q=", 400, "invalid-request"],
  ["/internal/unknown", 404, "not-found"],
])("%s answers %i %s", async (url, status, code) => {
  const answer = await ask(url);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ status, code });
});

test("the installation is what the database was begun with", async () => {
  expect((await ask("/internal/installation")).json()).toEqual(installation);
});

test("a list has its definition, with the count of the read model or else of the record", async () => {
  const found = (await ask("/internal/waitlists/first")).json();
  expect(Value.Check(StoredWaitlist, found)).toBe(true);
  const count = 100 + partitionOf("first", 12);
  expect(found).toEqual({
    ...{ waitlistId: "first", offset: 2, eventId: "d2", definition, count, installation, next: 11 },
    ...{ definedAt: "1970-01-01T00:00:00.000Z", definedBy: "boss" },
  });
  expect((await ask("/internal/waitlists/first?at=2")).json()).toEqual(found);
  expect((await ask("/internal/waitlists/first?at=1")).statusCode).toBe(404);
  const without = await appOver({ redisIsAway: true }).ask("/internal/waitlists/first");
  expect(without.json()).toMatchObject({ count: 3 });
});

test("an entry has its place, its invite and its referrals, and nothing of the person", async () => {
  const answer = await ask(`/internal/entries/${idOf(2)}`);
  expect(Value.Check(StoredEntry, answer.json())).toBe(true);
  expect(answer.json()).toMatchObject({
    ...{ waitlistId: "first", entryId: idOf(2), status: "invited", position: 2, ahead: 1, referrals: 4 },
    invite: { code: "AAAA-AAAA-AAAA" },
  });
  expect(answer.body).not.toContain("@");
});

test("a page of entries is as admins see them, those without a readable address too", async () => {
  const answer = await ask("/internal/waitlists/first/entries?status=waiting&q=%C3%A4&after=4&limit=7");
  expect(asked.at(-1)).toEqual(["first", { status: "waiting", q: "ä", after: 4, limit: 7 }]);
  const page = answer.json();
  expect(Value.Check(EntriesPage, page)).toBe(true);
  expect(page.next).toBe(3);
  expect(page.items.map(({ email }: { email: string | null }) => email)).toEqual([
    ...["person1@example.com", "person2@example.com", null],
  ]);
  expect(page.items[0]).toMatchObject({ referrals: 4, position: 1, status: "waiting" });
  expect(page.items[1]).toMatchObject({ invite: { inviteId: "i-1" }, invitedAt: "1970-01-01T00:00:09.000Z" });
  expect(answer.body).not.toContain("history");
  await ask("/internal/waitlists/first/entries");
  expect(asked.at(-1)).toEqual(["first", { limit: 100 }]);
});

test("an entry read alone tells what happened to it, older items too", async () => {
  const answer = await ask(`/internal/waitlists/first/entries/${idOf(2)}`);
  expect(Value.Check(ExplainedEntry, answer.json())).toBe(true);
  expect(answer.json()).toMatchObject({
    ...{ entryId: idOf(2), position: 2, email: "person2@example.com", referrals: 4, status: "invited" },
    history: [
      {
        ...{ type: "WaitlistJoined", at: "1970-01-01T00:00:02.000Z", offset: 2 },
        cause: "signed up: took place 2",
      },
      { type: "InviteAllocated", offset: 9, cause: "invited by batch b-1, in order", by: "boss" },
    ],
  });
});

const people = (list: string, entryIds: unknown) =>
  app.inject({
    ...{ method: "POST", url: `/internal/waitlists/${list}/people`, payload: { entryIds } },
    headers: { authorization: `Bearer ${internalToken}` },
  });

test("people are known by address and name, those of the list who aren't forgotten", async () => {
  const answer = await people("first", [1, 3, 4, 9].map(idOf));
  expect(Value.Check(People, answer.json())).toBe(true);
  expect(answer.json()).toEqual({
    items: [
      { entryId: idOf(1), email: "person1@example.com" },
      { entryId: idOf(3), email: null },
    ],
  });
  expect((await people("second", [idOf(1)])).json()).toEqual({ items: [] });
});

test("a thousand people can be asked for at once, and no more", async () => {
  const ids = Array.from({ length: 1001 }, (_, index) => idOf(index));
  expect((await people("first", ids.slice(1))).statusCode).toBe(200);
  expect((await people("first", ids)).statusCode).toBe(400);
});

const placesOf = (person: number, list = "first") =>
  `/internal/waitlists/${list}/entries/${idOf(person)}/places`;

test("every place of an entry is shown, with nothing of the person", async () => {
  const answer = await ask(placesOf(2));
  expect(Value.Check(StoredPlaces, answer.json())).toBe(true);
  expect(answer.json()).toMatchObject({
    ...{ erased: false, next: 11, repeatIds: [] },
    places: [{ joinOffset: 2, eventId: "e2", position: 2, status: "invited" }],
  });
  expect(answer.body).not.toContain("@");
});

test("a tombstone shows its places, and that it is one", async () => {
  expect((await ask(placesOf(4))).json()).toMatchObject({
    erased: true,
    places: [{ position: 4, status: "left", endOffset: 8 }],
  });
  const held = (await ask(`${placesOf(4)}/4`)).json();
  expect(held).toMatchObject({ place: { status: "left" }, next: 11 });
  expect(held).not.toHaveProperty("person");
});

test("whoever isn't known has no place, up to where the list is stored", async () => {
  const nobody = { places: [], repeatIds: [], next: 11, erased: false };
  expect((await ask(placesOf(9))).json()).toEqual(nobody);
  expect((await ask(placesOf(2, "second"))).json()).toEqual(nobody);
  expect((await ask(`${placesOf(9)}/4`)).json()).toEqual({ place: null, next: 11 });
});

test("the newest place of somebody is shown with all that is held, a former one alone", async () => {
  const newest = await ask(`${placesOf(5)}/7`);
  expect(Value.Check(HeldPlace, newest.json())).toBe(true);
  expect(newest.json()).toEqual({
    place: {
      ...{ joinOffset: 7, eventId: "e7", position: 9, status: "waiting", confirmed: true },
      joinedAt: "1970-01-01T00:00:09.000Z",
    },
    person: {
      ...{ email: "person5@example.com", answers: { why: "x" }, consent: true, disposable: true },
      confirmedAt: "1970-01-01T00:00:10.000Z",
    },
    next: 11,
  });
  const former = await ask(`${placesOf(5)}/5`);
  expect(former.json()).toMatchObject({ place: { joinOffset: 5, status: "left", endOffset: 6 } });
  expect(former.body).not.toContain("@");
  expect((await ask(`${placesOf(5)}/6`)).json()).toEqual({ place: null, next: 11 });
});
