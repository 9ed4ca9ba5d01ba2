// The audit beside the running system: it agrees while people sign up and invites go out, and says where something was
// changed from outside.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { type Collection, type Document, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf } from "./support/invites.ts";
import { startLoad } from "./support/load.ts";
import { type LogWriter, openLogWriter } from "./support/log-writer.ts";
import { runAudit } from "./support/order-audit.ts";

const LIST = "audited";
const PEOPLE = 600;

let home: string;
let system: System;
let mongo: MongoClient;
let log: LogWriter;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-audit-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
  mongo = await new MongoClient(system.endpoints.mongodb).connect();
  log = await openLogWriter(system.endpoints.kafka);
});

afterAll(async () => {
  await log?.close();
  await mongo?.close();
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

interface Entry {
  _id: string;
  places: { joinOffset: number; invite?: { inviteId: string } }[];
  lastOffset: number;
}

const collections = {
  storage: (): Collection<Entry> => mongo.db("waitlist_storage").collection("entries"),
  email: (): Collection<Entry> => mongo.db("waitlist_email").collection("recipients"),
  invite: (): Collection<Entry> => mongo.db("waitlist_invite").collection("queue"),
};

/** The open invites, in order of position, as events name them. */
async function openInvites() {
  const invited = await collections
    .invite()
    .find({ waitlistId: LIST, status: "invited" })
    .sort({ position: 1 })
    .toArray();
  return invited.map(({ _id: entryId, places }) => {
    const { joinOffset = 0, invite } = places.at(-1) ?? {};
    return { waitlistId: LIST, entryId, joinOffset, inviteId: invite?.inviteId ?? "" };
  });
}

/** Asks for a batch and waits until it is complete. */
async function invite(count: number, key: string): Promise<string> {
  const { status, body } = await apiOf(system).invite(LIST, count, key);
  expect(status).toBe(202);
  await completed(body.batchId);
  return body.batchId;
}

async function completed(batchId: string): Promise<void> {
  const batches = mongo
    .db("waitlist_invite")
    .collection<{ _id: string; completed: object | null }>("batches");
  await eventually(async () => assert.ok((await batches.findOne({ _id: batchId }))?.completed), 60_000);
}

describe("the audit of the order", () => {
  test("agrees while people sign up, batches go out and invites end in every way", async () => {
    const api = apiOf(system);
    const definition = { name: "Audited", invites: { reclaim: true, requeue: "place" } };
    expect((await api.defineList(LIST, definition)).status).toBe(201);
    const load = startLoad(system, { waitlistId: LIST, count: PEOPLE, concurrency: 10 });
    await eventually(() => assert.ok(load.accepted() >= PEOPLE / 6), 60_000);
    await invite(40, "first");
    const during = runAudit(home, LIST);

    const [one, two, three, four, five] = await openInvites();
    assert.ok(one && two && three && four && five);
    const requestedBy = "tests";
    await log.put("InviteRedeemed", { ...one, attempt: "once" });
    await log.put("InviteExpired", { ...one });
    await log.put("InviteExpired", { ...two, requeue: true });
    await log.put("InviteWithdrawn", { ...three, requestedBy });
    const { inviteId: _, ...place } = four;
    await log.put("EntryLeft", place);
    const { inviteId: __, ...other } = five;
    await log.put("EntryErased", other);
    const second = await invite(10, "second");
    await log.put("InviteBatchWithdrawn", { waitlistId: LIST, batchId: second, requestedBy });
    await invite(5, "third");

    expect(await during).toMatchObject({ code: 0, err: "" });
    await load.done;
    const after = await runAudit(home);
    expect(after).toMatchObject({ code: 0, err: "" });
    expect(await log.groups()).toEqual(["email", "invite", "storage"]);
    // Three batches, and one for each of the four places that were freed.
    expect(after.out).toContain(`1 list, ${PEOPLE} places, 7 batches, 59 invites, `);
  });

  test("names nobody's address, and refuses a list that nobody knows", async () => {
    expect(JSON.stringify(await runAudit(home, "--json"))).not.toContain("example.com");
    const unknown = await runAudit(home, "nobody-knows-it");
    expect(unknown).toMatchObject({ code: 2, out: "" });
    expect(unknown.err).toContain("Neither the log nor any database knows a list nobody-knows-it.");
  });

  test.for(["storage", "email", "invite"] as const)(
    "finds a position that was changed in %s",
    async (service) => {
      const entries = collections[service]();
      const found = await entries.findOne({ waitlistId: LIST } as Document);
      assert.ok(found);
      await entries.updateOne({ _id: found._id }, { $inc: { "places.0.position": 1 } } as Document);
      const run = await runAudit(home, LIST);
      await entries.updateOne({ _id: found._id }, { $inc: { "places.0.position": -1 } } as Document);
      expect(run.code).toBe(1);
      expect(run.out).toMatch(
        new RegExp(`${service} +offset ${found.places[0]?.joinOffset} +${found._id} +position`),
      );
    },
  );

  test("finds another choice of places in a batch", async () => {
    const parts = mongo.db("waitlist_invite").collection<{ _id: string; chosen: object[] }>("batch_parts");
    const [part] = (await parts.find().toArray()).filter(({ chosen }) => chosen.length > 1);
    assert.ok(part);
    await parts.updateOne({ _id: part._id }, { $set: { chosen: part.chosen.toReversed() } });
    const run = await runAudit(home, LIST);
    await parts.updateOne({ _id: part._id }, { $set: { chosen: part.chosen } });
    expect(run.code).toBe(1);
    expect(run.out).toMatch(/invite +offset \d+ +batch \S+: it chose position/);
  });

  test("goes on where retention has removed the log's beginning, and says from where", async () => {
    const before = 300;
    await log.removeBefore(LIST, before);
    const run = await runAudit(home, LIST);
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toContain(`retention has removed the log before offset ${before}`);
    expect(run.out).toContain(`1 list, ${PEOPLE} places`);
  });

  test("finds an invite on the log that nobody is due", async () => {
    const [place] = await collections
      .invite()
      .find({ waitlistId: LIST, status: "waiting" } as Document)
      .limit(1)
      .toArray();
    assert.ok(place);
    await log.put("InviteAllocated", {
      ...{ waitlistId: LIST, entryId: place._id, joinOffset: place.places[0]?.joinOffset ?? 0, position: 1 },
      ...{
        inviteId: "i-made-up",
        batchId: "b-made-up",
        code: "2222-2222-2222",
        expiresAt: "2030-01-01T00:00:00Z",
      },
    });
    const run = await runAudit(home, LIST);
    expect(run.code).toBe(1);
    expect(run.out).toContain("invite i-made-up of batch b-made-up is due to nobody");
    expect(run.out).not.toContain("2222-2222-2222");
  });

  test("agrees about who was named, put back in the old place, and invited again in order", async () => {
    const [api, waitlistId] = [apiOf(system), "named"];
    const definition = { name: "Named", invites: { reclaim: true, requeue: "place" } };
    expect((await api.defineList(waitlistId, definition)).status).toBe(201);
    for (const person of ["first", "second", "third"]) {
      expect((await api.join(waitlistId, { email: `${person}@named.example.com` })).status).toBe(202);
    }
    const waiting = await eventually(async () => {
      const entries = await api.entries(waitlistId);
      assert.equal(entries.length, 3);
      return entries;
    }, 60_000);
    const entryId = waiting[1]?.entryId ?? "";
    const wanted = { entryIds: [entryId], reason: "a speaker" };
    const named = await api.inviteNamed(waitlistId, wanted, "named");
    expect(named.status).toBe(202);
    await completed(named.body.batchId);
    const [{ joinOffset, invite: given } = {}] =
      (await collections.invite().findOne({ _id: entryId }))?.places ?? [];
    assert.ok(joinOffset !== undefined && given);
    expect(given).toMatchObject({ outOfOrder: true });
    const { inviteId } = given;
    await log.put("InviteExpired", { waitlistId, entryId, joinOffset, inviteId, requeue: true });
    // The freed place goes to the first, who was never invited.
    await eventually(async () => {
      const [first] = await api.entries(waitlistId);
      assert.equal(first?.status, "invited");
    }, 60_000);
    const again = await api.invite(waitlistId, 1, "again");
    expect(again.status).toBe(202);
    await completed(again.body.batchId);

    await eventually(async () => {
      const statuses = (await api.entries(waitlistId)).map(({ status }) => status);
      expect(statuses).toEqual(["invited", "invited", "waiting"]);
    }, 60_000);
    const run = await runAudit(home, waitlistId);
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toContain("1 list, 3 places, 3 batches, 3 invites, ");
  });
});
