// An index makes answers faster, and changes none: the embedded database's indexes are our own.
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { type Document as AnyDocument, type Collection, MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";

let client: MongoClient;
const database = () => client.db(`indexes_${randomUUID().slice(0, 8)}`);

beforeAll(async () => {
  client = new MongoClient(inject("backing").mongodb);
});
afterAll(async () => client.close());

const text = fc.constantFrom("", "a", "aa", "b", "a\0", "a\0b", "ä", "\uffff");
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(-0.5, 0.5, 2 ** 40, -(2 ** 40)));
const value = fc.oneof(text, number, fc.constantFrom(true, false, null, new Date(0), new Date(-5)));
/** `n` differs in each, so that an order by it is the only one. */
const documents = fc
  .array(fc.record({ list: text, state: value, inner: fc.record({ at: value }) }, { requiredKeys: [] }), {
    maxLength: 25,
  })
  .map((all) => all.map((fields, n) => ({ _id: `d${(n * 7) % 31}`, n, ...fields })));

const bounds = fc.oneof(
  fc.record({ $gt: value.filter(Boolean) }),
  fc.record({ $gte: number, $lt: number }),
  fc.record({ $lte: text }),
  fc.record({ $gt: text, $lte: text }),
);
const condition = fc.oneof(
  value,
  bounds,
  fc.record({ $in: fc.array(value, { maxLength: 3 }) }),
  fc.record({ $ne: value }),
  fc.record({ $eq: value }),
);
const query = fc.record(
  { list: condition, state: condition, "inner.at": condition, n: bounds },
  { requiredKeys: [] },
);

const INDEXES = [{ list: 1, state: 1, n: 1 }, { list: 1, n: -1 }, { "inner.at": 1 }, { n: 1 }] as const;

type Document = AnyDocument & { _id: string };
type Twins = [indexed: Collection<Document>, plain: Collection<Document>];
const both = async <T>(twins: Twins, ask: (collection: Collection<Document>) => Promise<T>) => {
  const [indexed, plain] = await Promise.all(twins.map(ask));
  expect(indexed).toEqual(plain);
};

it("find, sort, count, update and delete give the same with and without indexes, whatever is asked", async () => {
  await fc.assert(
    fc.asyncProperty(
      documents,
      fc.array(fc.record({ query, limit: fc.nat(6), skip: fc.nat(2), descending: fc.boolean() }), {
        minLength: 1,
        maxLength: 8,
      }),
      fc.record({ query, state: value }),
      query,
      async (held, questions, update, gone) => {
        const db = database();
        const twins: Twins = [db.collection("indexed"), db.collection("plain")];
        const [indexed] = twins;
        const half = Math.floor(held.length / 2);
        // One half is there when the indexes are made.
        if (half > 0)
          await both(twins, async (each) => (await each.insertMany(held.slice(0, half))).insertedCount);
        for (const index of INDEXES) await indexed.createIndex(index);
        if (held.length > half)
          await both(twins, async (each) => (await each.insertMany(held.slice(half))).insertedCount);

        const ask = async () => {
          for (const { query: filter, limit, skip, descending } of questions) {
            const sorted = (each: Collection<Document>) =>
              each
                .find(filter as Document)
                .sort({ n: descending ? -1 : 1 })
                .skip(skip)
                .limit(limit);
            await both(twins, (each) => sorted(each).toArray());
            await both(twins, (each) => each.countDocuments(filter as Document));
            await both(twins, async (each) =>
              (await each.find(filter as Document).toArray())
                .map(({ n }) => n as number)
                .toSorted((a, b) => a - b),
            );
            const groups = [
              { $match: filter as Document },
              { $group: { _id: "$list", n: { $sum: 1 } } },
              { $sort: { n: 1, _id: 1 } },
            ];
            await both(twins, (each) => each.aggregate(groups).toArray());
          }
        };
        await ask();
        await both(twins, async (each) => {
          const { state } = update;
          return (await each.updateMany(update.query as Document, { $set: { state } })).modifiedCount;
        });
        await ask();
        await both(twins, async (each) => (await each.deleteMany(gone as Document)).deletedCount);
        await ask();
        await db.dropDatabase();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

it("finds a text that begins with the last of all characters behind any other", async () => {
  const things = database().collection<Document>("things");
  await things.createIndex({ name: 1 });
  await things.insertMany([
    { _id: "first", name: "a" },
    { _id: "last", name: "\uffff" },
    { _id: "none of them", name: true },
  ]);
  const found = await things.find({ name: { $gt: "a" } }).toArray();
  expect(found.map(({ _id }) => _id)).toEqual(["last"]);
});

it("finds by _id whatever kind of number it is written as, and refuses a second one", async () => {
  const db = database();
  const things = db.collection<{ _id: number | string }>("things");
  await things.insertMany([{ _id: 1 }, { _id: 2 ** 40 }, { _id: "1" }]);
  expect(await things.find({ _id: { $in: [1, 2 ** 40, "1", 3] } }).toArray()).toHaveLength(3);
  await expect(things.insertOne({ _id: 1 })).rejects.toMatchObject({ code: 11000 });
  expect((await things.deleteOne({ _id: 1 })).deletedCount).toBe(1);
  expect(await things.countDocuments({ _id: 1 })).toBe(0);
  await db.dropDatabase();
});
