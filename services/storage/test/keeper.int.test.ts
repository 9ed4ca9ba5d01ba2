// The read model stays what the record says, whatever becomes of Redis; restarts are played by another run id.
import type { RedisConnection } from "@waitlist/redis";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import { createReadModel, type ReadModel } from "../src/adapters/redis-read-model.ts";
import { SCRIPTS } from "../src/adapters/redis-scripts.ts";
import { entryOf, type State } from "./support/entries.ts";
import { createOwner, createRecord, type MemoryRecord, type Owner } from "./support/record.ts";
import { connected, cursorOf, databaseOf, readList, snapshot } from "./support/redis.ts";

const url = databaseOf(inject("backing").redis, 7);
const PARTITION = 3;
const NEVER = 600_000;
let redis: RedisConnection;
let run: string | null;
let record: MemoryRecord;
let model: ReadModel;
let owners: Owner[];
/** Two lists of the partition, in the order in which a rebuild takes them. */
let list: string;
let other: string;

beforeAll(async () => {
  redis = await connected(url);
});
afterAll(() => redis.close());
beforeEach(async () => {
  await redis.client.flushdb();
  run = "first";
  record = createRecord();
  model = modelIn(redis);
  owners = [];
  [list, other] = [uniqueName("list"), uniqueName("list")];
});
afterEach(async () => {
  for (const { keeper } of owners) await keeper.close();
});

const modelIn = ({ client }: RedisConnection, scripts = SCRIPTS) =>
  createReadModel({ client, runId: () => run }, scripts);

function own(lookEveryMs?: number, readModel = model): Owner {
  const owner = createOwner({ record, readModel, partition: PARTITION }, lookEveryMs);
  owners.push(owner);
  return owner;
}

const joined = (waitlistId: string, person: number, changes: Partial<State> = {}) =>
  entryOf(waitlistId, person, record.cursor, { status: "waiting", position: person + 1, ...changes });

/** Redis says, in the present run, that it holds all of the record. */
const believed = () =>
  eventually(async () => expect(await cursorOf(redis.client, PARTITION)).toBe(`${record.cursor}:${run}`));

const expectRight = async () => {
  for (const each of [list, other]) {
    expect(await readList(redis.client, each)).toEqual(record.expected(each));
  }
};

/** An owner that has written three batches. */
async function settled(lookEveryMs?: number): Promise<Owner> {
  const owner = own(lookEveryMs);
  await believed();
  await owner.apply(joined(list, 0), joined(other, 0));
  await owner.apply(joined(list, 1, { referredBy: "aaaaaaaaaa" }));
  await owner.apply(joined(list, 0, { status: "invited" }));
  await believed();
  return owner;
}

function restart(owner: Owner): void {
  run = "second";
  owner.keeper.redisIsBack();
}

describe("the read model", () => {
  test("follows batches, and is believed up to the last one", async () => {
    const owner = await settled(NEVER);
    await expectRight();
    expect(await owner.incomplete()).toBe(0);
  });

  test("is not rebuilt after a restart that lost nothing", async () => {
    const owner = await settled(NEVER);
    record.onList = () => Promise.reject(new Error("a rebuild"));
    restart(owner);
    await believed();
    await owner.apply(joined(other, 1));
    await believed();
    await expectRight();
  });

  test("is rebuilt where Redis comes back with an older snapshot, and not believed before", async () => {
    const owner = await settled(NEVER);
    const bringBack = await snapshot(redis.client);
    await owner.apply(joined(list, 1, { status: "left" }), joined(list, 2));
    const before: (string | null)[] = [];
    record.onList = async () => void before.push(await cursorOf(redis.client, PARTITION));
    await bringBack();
    restart(owner);
    await believed();
    await expectRight();
    expect(before).toEqual([null, null]);
  });

  test("is rebuilt where it was emptied, with the next batch or the next look", async () => {
    const owner = await settled();
    await redis.client.flushdb();
    await believed();
    await expectRight();
    await redis.client.flushdb();
    await owner.apply(joined(other, 1));
    await believed();
    await expectRight();
  });

  test("is complete at once where Redis is away at first, and comes", async () => {
    run = null;
    const owner = own(NEVER);
    await owner.apply(joined(list, 0), joined(other, 0));
    run = "first";
    owner.keeper.redisIsBack();
    await believed();
    await expectRight();
  });

  test("gets what it missed by itself, even where the first rebuild fails too", async () => {
    let failures = 0;
    const failing: ReadModel = {
      ...model,
      write: async (entries) => {
        failures += 1;
        if (failures <= 3) throw new Error("Command timed out");
        await model.write(entries);
      },
    };
    const owner = own(20, failing);
    await believed();
    await owner.apply(joined(list, 0));
    await owner.apply(joined(list, 1));
    await believed();
    await expectRight();
    expect(failures).toBeGreaterThan(3);
  });

  test("has the batches that came during a rebuild", async () => {
    const owner = await settled(NEVER);
    record.onList = async (waitlistId) => {
      record.onList = async () => undefined;
      await owner.apply(entryOf(waitlistId, 5, 50, { status: "waiting", position: 6 }));
    };
    await redis.client.flushdb();
    await owner.apply(joined(other, 1));
    await believed();
    await owner.apply(joined(other, 2));
    await believed();
    await expectRight();
  });

  test("is looked through again where a rebuild had passed what Redis then missed", async () => {
    let misses = 0;
    const whole = model;
    const failing: ReadModel = {
      ...whole,
      write: async (entries) => {
        if (misses-- > 0) throw new Error("Command timed out");
        await whole.write(entries);
      },
    };
    model = failing;
    const owner = await settled();
    record.onList = async (waitlistId) => {
      if (waitlistId !== other) return;
      record.onList = async () => undefined;
      misses = 1;
      await owner.apply(joined(list, 0, { status: "left" }));
    };
    await redis.client.flushdb();
    await owner.apply(joined(other, 1));
    await believed();
    await expectRight();
  });

  test("ends a rebuild where the service stops", async () => {
    const owner = await settled(NEVER);
    const began = Promise.withResolvers<void>();
    record.queries.stream = async function* () {
      began.resolve();
      for (;;) yield joined(list, 0);
    };
    await redis.client.flushdb();
    await owner.apply(joined(list, 1));
    await began.promise;
    await owner.keeper.close();
    expect(await cursorOf(redis.client, PARTITION)).toBeNull();
  });
});

describe("a rebuild that Redis loses a part of", () => {
  /** Loses all that was written so far as the rebuild takes its second list. */
  const loseOnce = (lose: () => Promise<void>) => {
    record.onList = async (waitlistId) => {
      if (waitlistId !== other) return;
      record.onList = async () => undefined;
      await lose();
    };
  };

  test("by a restart begins anew", async () => {
    const owner = await settled();
    const bringBack = await snapshot(redis.client);
    loseOnce(async () => {
      await bringBack();
      run = "third";
      owner.keeper.redisIsBack();
    });
    await owner.apply(joined(list, 7));
    await bringBack();
    restart(owner);
    await eventually(() => expect(run).toBe("third"));
    await believed();
    await expectRight();
  });

  test("by being emptied begins anew", async () => {
    const owner = await settled();
    loseOnce(async () => void (await redis.client.flushdb()));
    await redis.client.flushdb();
    await owner.apply(joined(other, 1));
    await believed();
    await expectRight();
  });

  test("would be believed without the epoch", async () => {
    const part = "if redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end";
    expect(SCRIPTS.STAMP_CURSOR).toContain(part);
    const weak = { ...SCRIPTS, STAMP_CURSOR: SCRIPTS.STAMP_CURSOR.replace(part, "") };
    const connection = await connected(url);
    model = modelIn(connection, weak);
    const owner = await settled(NEVER);
    loseOnce(async () => void (await redis.client.flushdb()));
    await redis.client.flushdb();
    await owner.apply(joined(other, 1));
    await believed();
    expect(await readList(redis.client, list)).not.toEqual(record.expected(list));
    await connection.close();
  });
});

describe("a former owner", () => {
  test("says nothing of a model that is older than the record", async () => {
    const former = await settled(NEVER);
    const bringBack = await snapshot(redis.client);
    const current = own(NEVER);
    await current.apply(joined(list, 2), joined(list, 1, { status: "left" }));
    await believed();
    await bringBack();
    run = "second";
    former.keeper.redisIsBack();
    await eventually(async () => expect(await former.incomplete()).toBe(0));
    expect(await cursorOf(redis.client, PARTITION)).toBe("4:first");
    current.keeper.redisIsBack();
    await believed();
    await expectRight();
  });

  test("that finishes a batch late takes nothing back", async () => {
    const former = await settled(NEVER);
    const late = [joined(list, 1, { status: "left" })];
    const first = record.cursor;
    const current = own(NEVER);
    await current.apply(joined(list, 1, { status: "left" }), joined(list, 3));
    await current.apply(entryOf(list, 1, 60, { status: "waiting", position: 9 }));
    await former.keeper.applied({ partition: PARTITION, first, next: first + 1, changed: [] }, late);
    await current.apply(joined(other, 4));
    await believed();
    await expectRight();
  });

  test("and the new one may both rebuild an idle partition", async () => {
    const both = [await settled(), own()];
    for (let round = 0; round < 5; round += 1) {
      await redis.client.flushdb();
      for (const owner of both) owner.keeper.redisIsBack();
      await believed();
      await eventually(async () => expect(await both[1]?.incomplete()).toBe(0));
    }
    await expectRight();
  });
});
