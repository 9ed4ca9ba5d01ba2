// The adapters against a real database: guards, compare-and-set, and what a takeover reads.
import { createEvent, type WaitlistDefinition } from "@waitlist/contracts";
import { uniqueName } from "@waitlist/testing";
import { type Db, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { RosterEntry } from "../src/entry.ts";
import {
  createMongoCursors,
  createMongoDefinitions,
  createMongoEntries,
  ensureInstallation,
  InstallationMismatch,
  openEntries,
} from "../src/index.ts";

let client: MongoClient;
let db: Db;

beforeAll(async () => {
  client = new MongoClient(inject("backing").mongodb);
  db = client.db(uniqueName("roster"));
});

afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

const entryOf = (entryId: string, lastOffset: number, positions = [1]): RosterEntry<{ note: string }> => ({
  entryId,
  waitlistId: "first",
  places: positions.map((position) => ({
    joinOffset: position * 10,
    eventId: `e${position}`,
    position,
    joinedAt: 0,
    needsConfirmation: false,
  })),
  repeatIds: [],
  lastOffset,
  details: { note: `at ${lastOffset}` },
});

async function openStore() {
  return createMongoEntries(await openEntries<{ note: string }>(db, uniqueName("entries")));
}

describe("entries", () => {
  test("a newer one replaces, an older or equal one is refused by name", async () => {
    const store = await openStore();
    expect(await store.write([entryOf("a", 5), entryOf("b", 5)], new Set())).toEqual(new Set());
    const refused = await store.write([entryOf("a", 4), entryOf("b", 6)], new Set(["a", "b"]));
    expect(refused).toEqual(new Set(["a"]));
    const stored = await store.load(["a", "b"]);
    expect(stored.get("a")).toEqual(entryOf("a", 5));
    expect(stored.get("b")).toEqual(entryOf("b", 6));
  });

  test("one that somebody else inserted meanwhile is guarded all the same", async () => {
    const store = await openStore();
    await store.write([entryOf("a", 5), entryOf("b", 5)], new Set());
    const refused = await store.write([entryOf("a", 9), entryOf("b", 3), entryOf("c", 1)], new Set());
    expect(refused).toEqual(new Set(["b"]));
    const stored = await store.load(["a", "b", "c"]);
    expect([...stored.values()].map(({ lastOffset }) => lastOffset).sort()).toEqual([1, 5, 9]);
  });

  test("only places joined before the cursor count for the highest position", async () => {
    const store = await openStore();
    await store.write([entryOf("a", 100, [1, 7]), entryOf("b", 100, [3])], new Set());
    expect(await store.highest(["first", "second"], 71)).toEqual(new Map([["first", 7]]));
    expect(await store.highest(["first"], 70)).toEqual(new Map([["first", 3]]));
    expect(await store.highest(["first"], 10)).toEqual(new Map());
  });
});

describe("cursors", () => {
  test("of two owners that advance from the same place, one wins", async () => {
    const cursors = createMongoCursors(db);
    const [zero, ten, twenty] = [0, 10, 20].map((next) => ({ next, recordId: `r${next}` }));
    if (!zero || !ten || !twenty) throw new Error("three cursors");
    expect(await Promise.all([cursors.advance(3, null, zero), cursors.advance(3, null, ten)])).toContain(
      false,
    );
    const stored = await cursors.load(3);
    const won = await Promise.all([cursors.advance(3, stored, twenty), cursors.advance(3, stored, twenty)]);
    expect(won.sort()).toEqual([false, true]);
    expect(await cursors.load(3)).toEqual(twenty);
  });
});

describe("definitions", () => {
  const defined = (offset: number, name: string, more: { replaces?: number; id?: string } = {}) => {
    const { replaces, id = `d${offset}` } = more;
    const condition = replaces === undefined ? {} : { replaces };
    const definition = { name } as WaitlistDefinition;
    const data = { waitlistId: "first", idKeyVersion: "k", definition, definedBy: "boss", ...condition };
    const event = createEvent("WaitlistDefined", data, { source: "/test", at: 0, id });
    return { offset, timestamp: 0, event };
  };

  test("of two that change the same one, the first on the log counts, in a replay too", async () => {
    const definitions = await createMongoDefinitions(client.db(uniqueName("roster")));
    const records = [
      defined(2, "old"),
      defined(5, "first", { replaces: 2 }),
      defined(6, "second", { replaces: 2 }),
      defined(7, "first", { replaces: 2, id: "d5" }),
    ];
    for (let replay = 0; replay < 2; replay++) {
      await definitions.keep(records);
      const inForce = await definitions.inForce("first");
      expect(inForce).toMatchObject({ offset: 5, eventId: "d5", definedBy: "boss" });
      expect(inForce?.definition.name).toBe("first");
    }
    await definitions.keep([defined(9, "third", { replaces: 5 }), defined(11, "any")]);
    // A producer's retry that comes late: it doesn't bring the former definition back.
    await definitions.keep([{ ...defined(2, "old"), offset: 13 }]);
    expect((await definitions.inForce("first", 10))?.definition.name).toBe("third");
    expect((await definitions.inForce("first"))?.definition.name).toBe("any");
    // What each event made is known for ever; one that was refused, or repeated, made nothing of its own.
    expect(await definitions.ofEvent("first", "d2")).toMatchObject({
      offset: 2,
      definition: { name: "old" },
    });
    expect(await definitions.ofEvent("first", "d6")).toBeNull();
    expect(await definitions.ofEvent("another", "d2")).toBeNull();
  });

  test("what happens at an offset uses the one in force then", async () => {
    const definitions = await createMongoDefinitions(db);
    const records = [defined(2, "old"), defined(9, "new")];
    await definitions.keep(records);
    await definitions.keep(records);
    expect(await definitions.inForce("first", 1)).toBeNull();
    expect((await definitions.inForce("first", 8))?.definition.name).toBe("old");
    expect((await definitions.inForce("first"))?.definition.name).toBe("new");
    expect(await definitions.all()).toHaveLength(1);
  });
});

describe("an installation", () => {
  test("goes on with the secret and partitions that it was begun with, and refuses others", async () => {
    const begun = { secretFingerprint: "abc", partitions: 12 };
    await ensureInstallation(db, begun);
    await ensureInstallation(db, begun);
    await expect(ensureInstallation(db, { ...begun, partitions: 24 })).rejects.toThrow(InstallationMismatch);
    await expect(ensureInstallation(db, { ...begun, secretFingerprint: "x" })).rejects.toThrow(
      InstallationMismatch,
    );
  });
});
