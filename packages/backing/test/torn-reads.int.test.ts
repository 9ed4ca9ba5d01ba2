// What is read is a document as it was written: the embedded database reads while it writes.
import { randomUUID } from "node:crypto";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, inject, it } from "vitest";

interface Pair {
  _id: number;
  /** The same number in each field, at each moment. */
  first: number;
  padding: string[];
  last: number;
}

const WRITES = 300;
/** Long enough that a reader has time to meet its change. */
const padding = Array.from({ length: 200 }, (_, index) => `${index}`);
let client: MongoClient;

beforeAll(async () => {
  client = new MongoClient(inject("backing").mongodb);
});
afterAll(async () => client.close());

it.each(["replaced", "updated", "found and updated"])(
  "a document that is being %s is read as it was before or is after",
  async (how) => {
    const db = client.db(`torn_${randomUUID().slice(0, 8)}`);
    const pairs = db.collection<Pair>("pairs");
    await pairs.insertOne({ _id: 1, first: 0, padding, last: 0 });
    const change = async (value: number) => {
      const set = { $set: { first: value, last: value } };
      if (how === "replaced") await pairs.replaceOne({ _id: 1 }, { first: value, padding, last: value });
      else if (how === "updated") await pairs.updateOne({ _id: 1 }, set);
      else await pairs.findOneAndUpdate({ _id: 1 }, set);
    };
    let isWriting = true;
    const seen: [number, number][] = [];
    const read = async () => {
      while (isWriting) {
        const found = await pairs.findOne({ _id: 1 });
        if (found) seen.push([found.first, found.last]);
      }
    };
    const reading = Promise.all(Array.from({ length: 3 }, read));
    for (let value = 1; value <= WRITES; value++) await change(value);
    isWriting = false;
    await reading;
    expect(seen.length).toBeGreaterThan(30);
    expect(seen.filter(([first, last]) => first !== last)).toEqual([]);
    await db.dropDatabase();
  },
);
