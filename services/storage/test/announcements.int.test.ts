// Gateways are told of everything that is stored: by list where that is known, of everything where something was missed.
import type { AppliedAnnouncement } from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createReadModel, type ReadModel } from "../src/adapters/redis-read-model.ts";
import { entryOf } from "./support/entries.ts";
import { createOwner, createRecord, type MemoryRecord, type Owner } from "./support/record.ts";
import { connected, databaseOf } from "./support/redis.ts";

const PARTITION = 3;
const everything = (next: number) => ({ partition: PARTITION, next });

let redis: RedisConnection;
let record: MemoryRecord;
let told: AppliedAnnouncement[];
let model: ReadModel;
let owner: Owner;
let list: string;
/** So many writes fail first. */
let misses: number;
/** So many announcements fail first. */
let unsaid: number;

beforeAll(async () => {
  redis = await connected(databaseOf(inject("backing").redis, 3));
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.client.flushdb();
  [told, misses, unsaid] = [[], 0, 0];
  list = uniqueName("list");
  record = createRecord();
  const whole = createReadModel(redis);
  model = {
    ...whole,
    write: async (entries) => {
      if (misses-- > 0) throw new Error("Command timed out");
      await whole.write(entries);
    },
    announce: async (announcement) => {
      if (unsaid-- > 0) throw new Error("Command timed out");
      told.push(announcement);
    },
  };
  owner = createOwner({ record, readModel: model, partition: PARTITION });
});
afterEach(() => owner.keeper.close());

/** Stores a batch of one record that changes the list for others. */
async function change(): Promise<void> {
  const first = record.cursor;
  const entry = entryOf(list, 0, first, { status: "left", position: 1 });
  record.store([entry]);
  const batch = { partition: PARTITION, first, next: first + 1, changed: [list] };
  await owner.keeper.applied(batch, [entry]);
  record.cursor = first + 1;
}

describe("storage tells", () => {
  test("of everything when a partition is taken over, and when Redis is back", async () => {
    await eventually(() => expect(told).toEqual([everything(0)]));
    owner.keeper.redisIsBack();
    await eventually(() => expect(told).toEqual([everything(0), everything(0)]));
  });

  test("which lists a batch changed", async () => {
    await eventually(() => expect(told).toEqual([everything(0)]));
    await change();
    expect(told).toEqual([everything(0), { partition: PARTITION, next: 1, changed: [list] }]);
  });

  test("of everything once Redis has what it missed, and not before", async () => {
    await eventually(() => expect(told).toEqual([everything(0)]));
    misses = 3;
    await change();
    expect(told).toEqual([everything(0)]);
    await eventually(() => expect(told).toEqual([everything(0), everything(1)]));
    expect(misses).toBeLessThan(0);
  });

  test("again what couldn't be said", async () => {
    await eventually(() => expect(told).toEqual([everything(0)]));
    unsaid = 2;
    await change();
    await eventually(() => expect(told).toEqual([everything(0), everything(1)]));
    expect(unsaid).toBeLessThan(0);
  });
});
