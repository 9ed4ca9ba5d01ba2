// A process of its own that runs one batch over the database and prints how large its heap was, as JSON. Its arguments are the
// database's URL, the number of people, and `together` where all of the batch is to be in memory at once.
import assert from "node:assert/strict";
import { entryIdOf } from "@waitlist/contracts";
import { type EntryDocument, type Roster, type RosterRecord, toDocument } from "@waitlist/roster";
import { SECRET } from "./reference.ts";
import { handlerOver, historyOf, openTestRoster, portsOf } from "./roster.ts";

const LIST = "large";
const BATCH = "b-large";
/** Entries that are written at a time. */
const CHUNK = 5000;
/** A look at the heap collects all garbage first, and takes as long as several parts. */
const APPENDS_A_LOOK = 4;

const [mongodb = "", people = "", keeping] = process.argv.slice(2);
const size = Number(people);
const gc = globalThis.gc;
assert.ok(gc, "what is garbage can be told only with --expose-gc");

/** How much was in use at most, in bytes: what nobody holds any more doesn't count. */
let highest = 0;
function look(): void {
  gc?.();
  highest = Math.max(highest, process.memoryUsage().heapUsed);
}

const waiting = (position: number): EntryDocument<null> => {
  const of = { joinOffset: position, eventId: `e${position}`, position };
  const entryId = entryIdOf(SECRET, LIST, `person${position}@example.com`);
  const entry = { entryId, waitlistId: LIST, repeatIds: [], lastOffset: position, details: null };
  return toDocument({ ...entry, places: [{ ...of, joinedAt: 0, needsConfirmation: false }] });
};

/** As if so many had joined at the offsets from 1 on. */
async function fill({ entries }: Roster<null>): Promise<void> {
  for (let first = 1; first <= size; first += CHUNK) {
    const count = Math.min(CHUNK, size - first + 1);
    const documents = Array.from({ length: count }, (_, index) => waiting(first + index));
    await entries.insertMany(documents, { ordered: false });
  }
}

/** The list's definition and a batch for everybody, after all who have joined. */
function asked(): RosterRecord[] {
  const history = historyOf(LIST);
  history.define();
  history.batch(BATCH, size);
  return history.records.map((record, index) => ({ ...record, offset: size + 1 + index }));
}

const roster = await openTestRoster(mongodb, `heap-${process.pid}-${size}`);
try {
  await fill(roster);
  let [appends, allocated] = [0, 0];
  const ports = await portsOf(roster, {
    append: async (_partition, facts) => {
      allocated += facts.filter(({ type }) => type === "InviteAllocated").length;
      appends += 1;
      if (appends % APPENDS_A_LOOK === 0) look();
    },
  });
  const { keepChosen } = ports.batches;
  ports.batches = {
    ...ports.batches,
    keepChosen: async (...parts) => {
      look();
      await keepChosen(...parts);
    },
  };
  const handler = handlerOver(roster, ports, keeping === "together" ? { partsTogether: size } : {});
  await handler.apply({
    ...{ partition: 0, first: size + 1, next: size + 3, heartbeat: async () => undefined },
    records: asked().map((record) => ({ ...record, partition: 0, headers: {} })),
    isStale: () => false,
  });
  const batch = await ports.batches.find(BATCH);
  process.stdout.write(JSON.stringify({ highest, allocated, isOnLog: batch?.isOnLog }));
} finally {
  await roster.db.dropDatabase();
  await roster.close();
}
