// Whatever is spoiled in one of the databases or on the log, the audit says so; and where nothing is, it says nothing.
import { describe, expect, it } from "vitest";
import type { EntryDocument, PlaceInDocument } from "../src/databases/documents.ts";
import { SERVICES } from "../src/findings.ts";
import { audited, saidBy } from "./support/audited.ts";
import { busyHistory } from "./support/busy-history.ts";
import { type Stored, store } from "./support/databases.ts";
import { entry } from "./support/history.ts";

type Spoil = (stored: Stored) => void;

/** What a person's newest place becomes. */
const spoilPlace =
  (person: number, change: (place: PlaceInDocument, document: EntryDocument) => void) =>
  (documents: EntryDocument[]): void => {
    const document = documents.find(({ _id }) => _id === entry(person));
    const place = document?.places.at(-1);
    if (!document || !place) throw new Error("nobody there to spoil");
    change(place, document);
  };

const movedTo = (position: number) => (place: PlaceInDocument, document: EntryDocument) => {
  place.position = position;
  document.position = position;
};

const MADE_UP = { inviteId: "i-made-up", batchId: "first", offset: 14 };

/** Kinds of corruption that any of the three databases can have. */
const PLACES: [string, (documents: EntryDocument[]) => void][] = [
  [
    "a position swapped",
    (documents) => {
      spoilPlace(4, movedTo(6))(documents);
      spoilPlace(5, movedTo(5))(documents);
    },
  ],
  ["an entry missing", (documents) => void documents.splice(3, 1)],
  [
    "an entry that nobody signed up for",
    (documents) => {
      const [first] = documents;
      if (first) documents.push({ ...structuredClone(first), _id: entry(20) });
    },
  ],
  [
    "an entry moved to another list",
    spoilPlace(2, (_, document) => Object.assign(document, { waitlistId: "other" })),
  ],
  ["a place missing", (documents) => documents.find(({ _id }) => _id === entry(9))?.places.shift()],
  ["a confirmation undone", spoilPlace(1, (place) => void delete place.confirmedOffset)],
  ["a departure undone", spoilPlace(8, (place) => void delete place.endOffset)],
  ["another event's id", spoilPlace(0, (place) => Object.assign(place, { eventId: "another" }))],
  ["an extra invite", spoilPlace(8, (place) => Object.assign(place, { formerInvites: [MADE_UP] }))],
  ["an invite lost", spoilPlace(0, (place) => void delete place.invite)],
  ["a closing undone", spoilPlace(0, (place) => void delete place.invite?.closed)],
  [
    "a closing in another way",
    spoilPlace(0, ({ invite }) => void Object.assign(invite?.closed ?? {}, { how: "expired" })),
  ],
  [
    "a closing by another record",
    spoilPlace(0, ({ invite }) => void Object.assign(invite?.closed ?? {}, { offset: 19 })),
  ],
  [
    "an invite no longer marked as out of order",
    spoilPlace(8, ({ invite }) => void delete invite?.outOfOrder),
  ],
  [
    "another position to be found by",
    spoilPlace(6, (_, document) => Object.assign(document, { position: 1 })),
  ],
  [
    "another status to be found by",
    spoilPlace(6, (_, document) => Object.assign(document, { status: "waiting" })),
  ],
];

const batch = ({ batches }: Stored, id: string) => {
  const found = batches.find(({ _id }) => _id === id);
  if (!found?.decision) throw new Error("no batch there to spoil");
  return { ...found, document: found, decision: found.decision };
};

function first<T>(documents: T[]): T {
  const [document] = documents;
  if (!document) throw new Error("nothing there to spoil");
  return document;
}

/** Adds to a number of a document. */
const addTo = <K extends string>(document: Record<K, number>, name: K, value: number) => {
  document[name] += value;
};

const BATCHES: [string, Spoil][] = [
  ["a batch missing", ({ batches }) => void batches.shift()],
  [
    "a batch that nobody asked for",
    (stored) => stored.batches.push({ ...batch(stored, "first").document, _id: "extra" }),
  ],
  ["a batch moved to another offset", (stored) => addTo(batch(stored, "first").document, "offset", +1)],
  ["another number taken", (stored) => addTo(batch(stored, "first").decision, "taken", -1)],
  ["another expiry", (stored) => addTo(batch(stored, "first").decision, "expiresAt", +1)],
  ["a decision undone", (stored) => Object.assign(batch(stored, "first").document, { decision: null })],
  ["other invites counted", (stored) => addTo(batch(stored, "first").document.progress, "allocated", +1)],
  ["a withdrawal undone", (stored) => Object.assign(batch(stored, "second").document, { withdrawn: null })],
  ["a completion undone", (stored) => Object.assign(batch(stored, "first").document, { completed: null })],
  ["chosen places in another order", ({ parts }) => void parts.get("first:0")?.reverse()],
  ["a part of the chosen places missing", ({ parts }) => void parts.delete("first:1")],
  ["another number eligible", (stored) => Object.assign(batch(stored, "first").decision, { eligible: 1 })],
  ["a code missing", ({ codes }) => void codes.shift()],
  ["a code of another invite", ({ codes }) => void Object.assign(first(codes), { inviteId: "i-made-up" })],
  ["a code of another batch", ({ codes }) => void Object.assign(first(codes), { batchId: "second" })],
  ["a code that lives longer", ({ codes }) => void addTo(first(codes), "expiresAt", 1)],
  ["a schedule missing", ({ schedules }) => void schedules.shift()],
  [
    "a schedule that nobody set",
    ({ schedules }) => void schedules.push({ ...first(schedules), scheduleId: "extra" }),
  ],
  ["a schedule paused", ({ schedules }) => void Object.assign(first(schedules), { state: "paused" })],
  ["another total of a schedule", ({ schedules }) => void Object.assign(first(schedules), { total: 9 })],
  ["other runs counted", ({ schedules }) => void addTo(first(schedules), "asked", 1)],
  ["a last run forgotten", ({ schedules }) => void Object.assign(first(schedules), { lastSlot: null })],
  [
    "a chosen place too many",
    ({ parts }) => {
      const part = parts.get("first:0");
      if (part?.[0]) parts.set("first:2", [part[0]]);
    },
  ],
];

describe("the audit", () => {
  it("finds that all agree where nothing is spoiled", async () => {
    const history = busyHistory();
    const result = await audited(history.records, store(history));
    expect(saidBy(result)).toEqual([]);
    expect(result.differences).toBe(0);
    expect(result.lists).toMatchObject([{ places: 11, batches: 5, invites: 10, closed: 6 }]);
  });

  describe.each(SERVICES)("finds in %s's database", (service) => {
    it.each(PLACES)("%s", async (_, spoil) => {
      const history = busyHistory();
      const stored = store(history);
      spoil(stored.entries[service]);
      const result = await audited(history.records, stored);
      expect(result.differences).toBeGreaterThan(0);
      for (const said of saidBy(result)) expect(said).toContain(`${service}: `);
    });
  });

  it.each(BATCHES)("finds in the invite service's database %s", async (_, spoil) => {
    const history = busyHistory();
    const stored = store(history);
    spoil(stored);
    const result = await audited(history.records, stored);
    expect(result.differences).toBeGreaterThan(0);
    for (const said of saidBy(result)) expect(said).toContain("invite: ");
  });

  it.each(["InviteAllocated", "InviteBatchCompleted"])("finds %s missing on the log", async (type) => {
    const history = busyHistory();
    const stored = store(history);
    const gone = history.records.findIndex(({ event }) => event.type === type);
    const left = history.records.toSpliced(gone, 1, {
      ...(history.records[0] as (typeof history.records)[0]),
      offset: gone,
    });
    expect(saidBy(await audited(left, stored)).some((said) => said.startsWith("log: "))).toBe(true);
  });

  it("compares a service that is behind only as far as it has come", async () => {
    const history = busyHistory();
    for (let next = 0; next <= history.records.length; next += 1) {
      const stored = store(history);
      stored.next.invite = next;
      stored.next.email = next;
      expect(saidBy(await audited(history.records, stored)), `at ${next}`).toEqual([]);
    }
  });

  it("leaves out what documents say of records after its own end", async () => {
    const history = busyHistory();
    for (let end = 1; end <= history.records.length; end += 1) {
      const stored = store(history);
      // A service that was behind by then owes the log nothing yet; it has come further meanwhile.
      stored.passed = 0;
      const result = await audited(history.records.slice(0, end), stored);
      expect(saidBy(result), `of the first ${end}`).toEqual([]);
    }
  });
});
