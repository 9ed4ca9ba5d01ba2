// What the routes ask of the record, in a real database.
import { type EntriesQuery, referralCodeOf } from "@waitlist/contracts";
import { type EntryDocument, openEntries, type Place, toDocument } from "@waitlist/roster";
import { uniqueName } from "@waitlist/testing";
import { type Collection, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createEntryQueries, type EntryQueries } from "../src/adapters/mongo-queries.ts";
import type { Person } from "../src/domain/person.ts";
import { entryOf, idOf, type State } from "./support/entries.ts";

const LIST = "first";
let client: MongoClient;
let collection: Collection<EntryDocument<Person>>;
let queries: EntryQueries;
const database = uniqueName("storage");

type Details = Partial<Person> | "erased";

const insert = async (person: number, state: State, details: Details = {}, list = LIST) => {
  const entry = entryOf(list, person, 100 + person, state);
  const kept = details === "erased" || !entry.details ? null : { ...entry.details, ...details };
  await collection.insertOne(toDocument({ ...entry, details: kept }));
};

beforeAll(async () => {
  client = new MongoClient(inject("backing").mongodb);
  collection = await openEntries<Person>(client.db(database), "entries");
  queries = await createEntryQueries(collection);
  const code = referralCodeOf(idOf(1));
  await insert(1, { status: "waiting", position: 1 }, { name: "Ada (first) Löve" });
  await insert(2, { status: "pending", position: 2, referredBy: code });
  await insert(3, { status: "left", position: 3, referredBy: code });
  await insert(4, { status: "invited", position: 4, referredBy: code }, { email: "Big.Bird@Example.com" });
  await insert(5, { status: "left", position: 5 }, "erased");
  await insert(6, { status: "waiting", position: 6 }, { email: null });
  await insert(7, { status: "waiting", position: 8 }, { name: "山田　太郎", email: "a+b@example.com" });
  await insert(8, { status: "waiting", position: 1 }, { name: "Ada" }, "second");
});
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});

const positionsOf = async (query: Partial<EntriesQuery>) => {
  const { entries, next } = await queries.page(LIST, { limit: 100, ...query });
  return { positions: entries.map(({ places }) => (places.at(-1) as Place).position), next };
};

describe("a page of entries", () => {
  test("is in order of position, without the erased, of one list", async () => {
    expect(await positionsOf({})).toEqual({ positions: [1, 2, 3, 4, 6, 8], next: null });
  });

  test("goes on where the one before it ended", async () => {
    expect(await positionsOf({ limit: 3 })).toEqual({ positions: [1, 2, 3], next: 3 });
    expect(await positionsOf({ limit: 3, after: 3 })).toEqual({ positions: [4, 6, 8], next: null });
    expect(await positionsOf({ limit: 3, after: 8 })).toEqual({ positions: [], next: null });
  });

  test("may be of one status", async () => {
    expect(await positionsOf({ status: "waiting", limit: 2 })).toEqual({ positions: [1, 6], next: 6 });
    expect(await positionsOf({ status: "waiting", limit: 2, after: 6 })).toEqual({
      positions: [8],
      next: null,
    });
    expect((await positionsOf({ status: "left" })).positions).toEqual([3]);
  });

  test.each([
    ["bird@EXAMPLE", [4]],
    ["a+b@", [8]],
    ["(FIRST)", [1]],
    ["　太", [8]],
    ["person2@", [2]],
    [".", [1, 2, 3, 4, 8]],
    [".*", []],
    ["[a-z]", []],
    ["$", []],
    ["nobody", []],
    ["ada|bird", []],
  ])("finds %s in addresses and names as it is written", async (q, positions) => {
    expect((await positionsOf({ q })).positions).toEqual(positions);
  });

  test("may be of one status and a text together, in parts", async () => {
    const query = { status: "waiting", q: "example.com", limit: 1 } as const;
    expect(await positionsOf(query)).toEqual({ positions: [1], next: 1 });
    expect(await positionsOf({ ...query, after: 1 })).toEqual({ positions: [8], next: null });
  });
});

describe("counts", () => {
  test("ahead are those that may still be invited", async () => {
    expect(await queries.ahead(LIST, 1)).toBe(0);
    expect(await queries.ahead(LIST, 8)).toBe(3);
  });

  test("open are all who have a place, invited or not", async () => {
    expect(await queries.countOpen(LIST)).toBe(5);
    expect(await queries.countOpen("unknown")).toBe(0);
  });

  test("referrals are confirmed places that are still open, by code", async () => {
    const codes = [1, 2].map((person) => referralCodeOf(idOf(person)));
    expect(await queries.referrals(LIST, codes)).toEqual(new Map([[codes[0], 1]]));
    expect(await queries.referrals("second", codes)).toEqual(new Map());
  });
});

test("a rebuild sees every entry of every list, the erased too", async () => {
  expect((await queries.waitlistIds()).sort()).toEqual(["first", "second"]);
  const streamed: string[] = [];
  for await (const { entryId } of queries.stream(LIST)) streamed.push(entryId);
  expect(streamed.sort()).toEqual([1, 2, 3, 4, 5, 6, 7].map(idOf).sort());
});

test("entries are found by their ids, those of the list", async () => {
  const found = await queries.findAll(LIST, [4, 5, 8, 9].map(idOf));
  expect(found.map(({ entryId }) => entryId).sort()).toEqual([4, 5].map(idOf).sort());
  expect(await queries.findAll(LIST, [])).toEqual([]);
});

test("an entry is found by its id", async () => {
  expect((await queries.find(idOf(4)))?.details?.email).toBe("Big.Bird@Example.com");
  expect((await queries.find(idOf(5)))?.details).toBeNull();
  expect(await queries.find(idOf(9))).toBeNull();
});
