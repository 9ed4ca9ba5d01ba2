// What a reader of nothing but HTTP sees of a batch while it runs, and the moment that it is completed.
import { type InviteBatch, inviteCodeOf } from "@waitlist/contracts";
import { eventually, uniqueName } from "@waitlist/testing";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { SECRET } from "./support/reference.ts";
import { historyOf } from "./support/roster.ts";
import { createClosing, createPen, readsOf, startService } from "./support/service.ts";

const LIST = "socialode";
const { kafka: brokers, mongodb } = inject("backing");
const home = { brokers, mongodb, database: uniqueName("invite"), prefix: `${uniqueName("invite")}.` };
const closing = createClosing();
const history = historyOf(LIST);

/** Large enough to be seen at work: forty parts. */
const LARGE = 20_000;
const WITHIN_MS = 150_000;

let running: Awaited<ReturnType<typeof startService>>;
let put: (from: number) => Promise<void>;

beforeAll(async () => {
  running = await startService(home, closing);
  const write = createPen(home, LIST, closing);
  put = (from) => write(history.records.slice(from));
});
afterAll(async () => {
  await running.roster.db.dropDatabase();
  await closing.closeAll();
});

const reads = () => readsOf(running.app, LIST);

/** Every entry of a batch, page by page. */
async function entriesOf(batchId: string) {
  const entries: NonNullable<InviteBatch["entries"]> = [];
  for (let after: number | null = 0; after !== null; ) {
    const page: InviteBatch = await reads().batch(batchId, `?include=entries&after=${after}&limit=7000`);
    entries.push(...(page.entries ?? []));
    after = page.entriesNext ?? null;
  }
  return entries;
}

/** Polls a batch until it is completed; what was seen of it on the way. */
async function follow(batchId: string): Promise<{ completed: InviteBatch; seen: number[] }> {
  const seen: number[] = [];
  const completed = await eventually(async () => {
    const found = await reads().batch(batchId);
    seen.push(found.allocated);
    expect(found.status).toBe("completed");
    return found;
  }, WITHIN_MS);
  return { completed, seen };
}

/** At the moment that a batch reads completed: whether each of these invites can be redeemed. */
async function expectOpen(entries: NonNullable<InviteBatch["entries"]>): Promise<void> {
  for (const { entryId, inviteId } of entries) {
    const found = await reads().invite(inviteCodeOf(SECRET, inviteId));
    expect(found).toMatchObject({ entryId, inviteId, state: "open" });
  }
}

test("a large batch shows how far it is, and is completed when all its invites can be redeemed", async () => {
  history.define();
  for (let person = 0; person < LARGE + 10; person += 1) history.join(`person-${person}`);
  history.batch("b-large", LARGE);
  await put(0);

  const { completed, seen } = await follow("b-large");
  const entries = await entriesOf("b-large");
  expect(entries.map(({ position }) => position)).toEqual(
    Array.from({ length: LARGE }, (_, index) => index + 1),
  );
  await expectOpen(entries.filter((_, index) => index % 100 === 99));
  expect(completed).toMatchObject({ eligible: LARGE + 10, taken: LARGE, allocated: LARGE, shortfall: 0 });
  expect(seen.some((allocated) => allocated > 0 && allocated < LARGE)).toBe(true);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
}, 200_000);

test("a batch larger than the list is completed with its shortfall, all its invites open", async () => {
  const from = history.records.length;
  history.batch("b-rest", 1000);
  await put(from);

  const { completed } = await follow("b-rest");
  const entries = await entriesOf("b-rest");
  await expectOpen(entries);
  expect(entries).toHaveLength(10);
  expect(completed).toMatchObject({ eligible: 10, taken: 10, allocated: 10, shortfall: 990 });
});
