// The Redis adapters against a real server.
import {
  partitionOf,
  READ_MODEL_CHANNEL,
  type ReadModelEntry,
  readModelCursorKey,
  readModelKeys,
} from "@waitlist/contracts";
import { createLogger } from "@waitlist/runtime";
import { eventually, uniqueName } from "@waitlist/testing";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openRedis, type RedisSide } from "../src/adapters/redis.ts";
import { type AppliedWaits, createAppliedWaits } from "../src/applied-waits.ts";
import { createHub } from "../src/live/hub.ts";

/** A database of its own: cursors are named by partition alone. Channels know no databases, hence the next line. */
const ownDatabase = () => new URL("/5", inject("backing").redis).href;
/** More than any installation of the other tests has, so that their announcements are about other partitions. */
const PARTITIONS = 1000;
const log = createLogger("test", "silent");
const ENTRY = "a".repeat(26);
const OTHER = "b".repeat(26);

let client: Redis;
let runId: string;
let waits: AppliedWaits;
let side: RedisSide;
beforeAll(async () => {
  const url = ownDatabase();
  client = new Redis(url);
  runId = /run_id:(\S+)/.exec(await client.info("server"))?.[1] ?? "";
  waits = createAppliedWaits();
  side = openRedis(url, { partitions: PARTITIONS, waits, log });
  await eventually(() => side.probe());
});
afterAll(async () => {
  await side.close();
  client.disconnect();
});

const stored: ReadModelEntry = {
  lastOffset: "9",
  status: "waiting",
  position: "3",
  joinOffset: "7",
  joinedAt: "2026-03-01T00:00:00.000Z",
  referredBy: "",
  inviteCode: "",
  inviteExpiresAt: "",
};

/** A list with one entry at position 3, and a queue of those at 1, 2 and 3. */
async function aList(changes: Partial<ReadModelEntry> = {}, cursor = `10:${runId}`): Promise<string> {
  const waitlistId = uniqueName("list");
  const keys = readModelKeys(waitlistId);
  await client.hset(keys.entry(ENTRY), { ...stored, ...changes });
  await client.zadd(keys.queue, 1, "x", 2, "y", 3, ENTRY);
  await client.hset(keys.referrals, ENTRY.slice(0, 10), 4);
  await client.set(readModelCursorKey(partitionOf(waitlistId, PARTITIONS)), cursor);
  return waitlistId;
}

describe("the read model", () => {
  it("shows a place with those ahead of it and its referrals", async () => {
    const waitlistId = await aList();
    expect(await side.readModel.read(waitlistId, ENTRY)).toEqual({
      next: 10,
      entry: {
        waitlistId,
        entryId: ENTRY,
        status: "waiting",
        position: 3,
        ahead: 2,
        joinedAt: "2026-03-01T00:00:00.000Z",
        referralCode: ENTRY.slice(0, 10),
        referrals: 4,
        joinOffset: 7,
      },
    });
  });

  it("counts who is ahead of a place that is no longer in the queue, and shows its invite", async () => {
    const waitlistId = await aList({
      status: "invited",
      inviteCode: "ABCD-EFGH-JKMN",
      inviteExpiresAt: "2026-03-08T00:00:00.000Z",
    });
    await client.zrem(readModelKeys(waitlistId).queue, ENTRY, "x");
    const answer = await side.readModel.read(waitlistId, ENTRY);
    expect(answer?.entry).toMatchObject({
      status: "invited",
      ahead: 1,
      invite: { code: "ABCD-EFGH-JKMN", expiresAt: "2026-03-08T00:00:00.000Z" },
    });
  });

  it("knows what it doesn't hold, and up to where it holds", async () => {
    const waitlistId = await aList();
    expect(await side.readModel.read(waitlistId, OTHER)).toEqual({ entry: null, next: 10 });
    await client.hset(readModelKeys(waitlistId).entry(OTHER), { lastOffset: "9", status: "" });
    expect(await side.readModel.read(waitlistId, OTHER)).toEqual({ entry: null, next: 10 });
  });

  it.each([
    ["of another run", `10:${"0".repeat(40)}`],
    ["without a run", "10"],
    ["without an offset", ":x"],
    ["of no form", "x"],
  ])("isn't believed with a cursor %s", async (_what, cursor) => {
    const waitlistId = await aList({}, cursor);
    expect(await side.readModel.read(waitlistId, ENTRY)).toBeNull();
  });

  it("isn't believed without a cursor: it was emptied", async () => {
    const waitlistId = await aList();
    await client.del(readModelCursorKey(partitionOf(waitlistId, PARTITIONS)));
    expect(await side.readModel.read(waitlistId, ENTRY)).toBeNull();
  });

  it("is out of reach at once where there is no Redis", async () => {
    const nowhere = openRedis("redis://127.0.0.1:1", { partitions: 12, waits: createAppliedWaits(), log });
    await expect(nowhere.readModel.read("a", ENTRY)).rejects.toThrow();
    await expect(nowhere.idempotency.claim("k", "r")).rejects.toThrow();
    await nowhere.close();
  });
});

describe("announcements", () => {
  it("end the waits for what they announce, and what isn't one is ignored", async () => {
    const partition = 976;
    await eventually(async () => {
      await client.publish(READ_MODEL_CHANNEL, "not JSON");
      await client.publish(READ_MODEL_CHANNEL, JSON.stringify({ partition: "976", next: 1e9 }));
      await client.publish(READ_MODEL_CHANNEL, JSON.stringify({ partition, next: 42 }));
      expect(await waits.applied({ partition, offset: 41 }, 200)).toBe(true);
    });
    expect(await waits.applied({ partition, offset: 42 }, 50)).toBe(false);
  });

  it("reach any number of streams over one subscription", async () => {
    // Only this file uses its database.
    const subscriptions = async () =>
      String(await client.client("LIST"))
        .split("\n")
        .filter((line) => / db=5 /.test(line) && / sub=1 /.test(line)).length;
    await eventually(async () => expect(await subscriptions()).toBe(1));
    const waitlistId = uniqueName("list");
    let reads = 0;
    const hub = createHub({
      look: async () => {
        reads += 1;
        return { state: { id: String(reads), data: "{}", last: false }, waiting: false };
      },
      ...{ partitionOf: () => 978, clock: Date.now, maxStreams: 1000, forget: () => undefined },
      ...{ onShown: () => undefined, onRefused: () => undefined, onError: () => undefined },
    });
    side.announcements.tell(hub);
    const wire = {
      write: (_text: string, taken: () => void) => taken(),
      end: () => undefined,
      cut: () => undefined,
    };
    for (let n = 0; n < 200; n++) {
      await hub.open({
        claims: {
          ...{ purpose: "status", kind: "typed", waitlistId, entryId: ENTRY, joinOffset: n, exp: 1e10 },
        },
        ...{ from: { client: "one" }, seen: undefined, connect: () => wire },
      });
    }
    expect(reads).toBe(200);
    expect(await subscriptions()).toBe(1);
    await client.publish(
      READ_MODEL_CHANNEL,
      JSON.stringify({ partition: 978, next: 1, changed: [waitlistId] }),
    );
    await eventually(() => expect(reads).toBe(400));
    hub.close();
  });

  it("that were missed are caught up from the cursors", async () => {
    const partition = 977;
    await client.set(readModelCursorKey(partition), `50:${runId}`);
    const late = createAppliedWaits();
    const again = openRedis(ownDatabase(), { partitions: PARTITIONS, waits: late, log });
    await eventually(async () => expect(await late.applied({ partition, offset: 49 }, 200)).toBe(true));
    await again.close();
  });
});

describe("idempotency", () => {
  it("claims, keeps for a day, and frees only its own claim", async () => {
    const { idempotency } = side;
    const key = uniqueName("key");
    expect(await idempotency.claim(key, "r1")).toBeNull();
    expect(await idempotency.claim(key, "r2")).toEqual({ request: "r1" });
    await idempotency.release(key, "r2");
    expect(await idempotency.claim(key, "r1")).toEqual({ request: "r1" });
    await idempotency.release(key, "r1");
    expect(await idempotency.claim(key, "r2")).toBeNull();
    await idempotency.keep(key, { request: "r2", result: { a: 1 } });
    expect(await idempotency.claim(key, "r2")).toEqual({ request: "r2", result: { a: 1 } });
    await idempotency.release(key, "r2");
    expect(await client.ttl(`waitlist:idempotency:${key}`)).toBeGreaterThan(86_300);
  });
});
