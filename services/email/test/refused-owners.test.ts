// Refused addresses and requests to send again, read by owners that crash anywhere and by former ones: which mails go out.
import type { RosterRecord } from "@waitlist/roster";
import fc from "fast-check";
import { expect, test } from "vitest";
import { A, B, joined, left, resendRequested, undeliverable } from "./support/happenings.ts";
import type { Weakness } from "./support/memory-ledger.ts";
import { createOwners, cutsOf } from "./support/notice-owners.ts";

type Step = { op: "join" | "leave" | "refuse" | "ask"; who: number };

const step = fc.record({
  op: fc.constantFrom<Step["op"]>("join", "leave", "refuse", "refuse", "ask", "ask"),
  who: fc.nat(1),
});
const life = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 16 }),
  sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
  crashes: fc.array(fc.nat(12), { maxLength: 4 }),
  former: fc.nat(30),
  current: fc.nat(30),
  scheduler: fc.scheduler(),
  back: fc.nat(8),
});

const idOf = (who: number) => (who === 0 ? A : B);

interface PaperPlace {
  welcome: string;
  isOpen: boolean;
  refusedAt?: number;
  /** Of the request by which its welcome waits. */
  askedAt?: number;
}

function recordOf({ op, who }: Step, offset: number, place: number): RosterRecord {
  const entryId = idOf(who);
  switch (op) {
    case "join":
      return joined(offset, entryId);
    case "leave":
      return left(offset, place, entryId);
    case "refuse":
      return undeliverable(offset, place, entryId);
    case "ask":
      return resendRequested(offset, { mailIds: [`welcome:${entryId}:${place}`] });
  }
}

/** The history, and its places: each record is about the newest of its person, or about one that nobody has. */
function write(steps: Step[]): { history: RosterRecord[]; joins: Map<number, number> } {
  const newest = [0, 0];
  const joins = new Map<number, number>();
  const open = [false, false];
  const history = steps.map(({ op, who }, offset): RosterRecord => {
    const place = newest[who] ?? 0;
    if (op === "leave") open[who] = false;
    if (op === "join" && !open[who]) {
      open[who] = true;
      newest[who] = offset;
      joins.set(offset, who);
    }
    return recordOf({ op, who }, offset, place);
  });
  return { history, joins };
}

/** Every welcome has failed at once: those wait that an admin asked for, as somebody would work it out batch by batch. */
function expectedOf(history: RosterRecord[], cuts: number[], joins: Map<number, number>) {
  const places = new Map<string, PaperPlace>();
  const placeOf = (entryId: string, joinOffset: number) => places.get(`welcome:${entryId}:${joinOffset}`);
  for (const [index, cut] of cuts.slice(0, -1).entries()) {
    const batch = history.slice(cut, cuts[index + 1]);
    for (const { event, offset } of batch) {
      if (event.type === "WaitlistJoined" && joins.has(offset)) {
        const welcome = `welcome:${event.data.entryId}:${offset}`;
        places.set(welcome, { welcome, isOpen: true });
      } else if (event.type === "EntryLeft" || event.type === "EntryUndeliverable") {
        const place = placeOf(event.data.entryId, event.data.joinOffset);
        if (!place?.isOpen) continue;
        if (event.type === "EntryLeft") place.isOpen = false;
        else place.refusedAt ??= offset;
      }
    }
    for (const place of places.values()) {
      if (place.refusedAt !== undefined && (place.askedAt ?? -1) < place.refusedAt) delete place.askedAt;
    }
    for (const { event, offset } of batch) {
      if (event.type !== "MailResendRequested") continue;
      const place = places.get(event.data.mailIds?.[0] ?? "");
      if (place?.isOpen && (place.refusedAt ?? -1) < offset) place.askedAt ??= offset;
    }
  }
  const waiting = [...places.values()].filter(({ isOpen, askedAt }) => isOpen && askedAt !== undefined);
  return Object.fromEntries(waiting.map(({ welcome, askedAt }) => [welcome, askedAt]));
}

const asOnPaper = (weakness: Weakness = {}, seen = new Set<number>()) =>
  fc.asyncProperty(life, async ({ steps, sizes, crashes, former, current, scheduler, back }) => {
    const { history, joins } = write(steps);
    const cuts = cutsOf(history.length, sizes);
    const owners = createOwners(history, cuts, {}, { weakness, fails: true });
    for (const writes of crashes) await owners.run(writes);
    await scheduler.waitFor(Promise.all([former, current].map((writes) => owners.run(writes, scheduler))));
    await owners.run(Number.POSITIVE_INFINITY);
    owners.goBack(back);
    await owners.run(Number.POSITIVE_INFINITY);
    const expected = expectedOf(history, cuts, joins);
    expect(await owners.wouldSend()).toEqual(expected);
    seen.add(Object.keys(expected).length);
  });

test("whatever crashes, overlaps or is replayed: those mails go out that an admin asked for, and no other", async () => {
  const seen = new Set<number>();
  await fc.assert(asOnPaper({}, seen), { numRuns: 3000 });
  expect([...seen].toSorted()).toEqual([0, 1, 2]);
});

test("without the guard that keeps what was asked for since, a replay takes it back", async () => {
  const { failed } = await fc.check(asOnPaper({ takesBackResent: true }), {
    numRuns: 20_000,
    endOnFailure: true,
  });
  expect(failed).toBe(true);
});
