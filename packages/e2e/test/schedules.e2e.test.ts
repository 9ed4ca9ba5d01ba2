// A schedule end to end: set over HTTP, and run by the service's own timer.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiOf, signUpList } from "./support/invites.ts";

const LIST = "each-minute";
/** A minute until the next slot, and time for the run on a busy machine. */
const WITHIN_MS = 120_000;

let home: string;
let system: System;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-schedules-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
});
afterAll(async () => {
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

test("a schedule of each minute invites the first who waits, in a batch that completes", async () => {
  const api = apiOf(system);
  await signUpList(api, LIST, 3);
  const set = await api.schedule(LIST, "one-by-one", { cron: "* * * * *", count: 1, total: 1 });
  expect([set.status, set.body.state]).toEqual([200, "active"]);

  const batchId = await eventually(async () => {
    const [first] = await api.entries(LIST);
    expect(first?.invite).toBeDefined();
    return first?.invite?.batchId ?? "";
  }, WITHIN_MS);
  await eventually(async () => {
    const { body } = await api.batch(LIST, batchId);
    expect(body).toMatchObject({ status: "completed", count: 1, taken: 1, scheduleId: "one-by-one" });
  }, 60_000);
  const invited = (await api.entries(LIST)).map(({ email, invite }) => [email, invite !== undefined]);
  expect(invited).toEqual([
    [`person1@${LIST}.example.com`, true],
    [`person2@${LIST}.example.com`, false],
    [`person3@${LIST}.example.com`, false],
  ]);
});
