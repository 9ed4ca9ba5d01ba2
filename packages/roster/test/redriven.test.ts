// Joins that were set aside and are back on the log: the place that they have, or an honest one at the end; never two.
import { createEvent } from "@waitlist/contracts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EntryRecord } from "../src/entry.ts";
import { createFold, type Outcome } from "../src/fold.ts";
import { createProjection } from "../src/projection.ts";
import { createModel } from "./support/model.ts";

const A = "a".repeat(26);
const B = "b".repeat(26);

const join = (offset: number, entryId: string, id = `e${offset}`, more: Partial<EntryRecord> = {}) => {
  const data = { waitlistId: "first", entryId, email: "x@example.com", needsConfirmation: false };
  const event = createEvent("WaitlistJoined", data, { source: "/test", at: 0, id });
  return { offset, timestamp: offset, event, ...more } as EntryRecord;
};
const end = (offset: number, type: "EntryLeft" | "EntryErased", joinOffset: number) => {
  const data = { waitlistId: "first", entryId: A, joinOffset };
  const event = createEvent(type, data, { source: "/test", at: 0, id: `e${offset}` });
  return { offset, timestamp: offset, event } as EntryRecord;
};
const half = { unreadable: "its name" };
const redriven = (offset: number, entryId: string, from: number, id = `e${from}`) =>
  join(offset, entryId, id, { redriven: { from, by: "ops" } });

/** Keeps the event id of the join that could be read, as a service keeps what it says. */
const keeps = (details: { read: string } | null, record: EntryRecord, outcome: Outcome) => {
  if (record.event.type !== "WaitlistJoined") return details;
  if (outcome.kind === "placed") return { read: record.unreadable ? "" : record.event.id };
  return outcome.kind === "filled" ? { read: record.event.id } : details;
};

/** What each record did, and the entries after all of them; each stretch is applied as often as it is named. */
async function after(...stretches: EntryRecord[][]) {
  const database = createModel({});
  const fold = createFold<{ read: string }>((details, record, outcome) =>
    keeps(details, record as EntryRecord, outcome),
  );
  const told: string[] = [];
  for (const records of stretches) {
    const projection = createProjection({ ...database, fold } as never);
    const [first] = records;
    const next = (records.at(-1)?.offset ?? 0) + 1;
    const { effects } = await projection.apply({ partition: 0, first: first?.offset ?? 0, next, records });
    told.push(...effects.map(({ outcome }) => outcome.kind));
  }
  const entries = await database.entries();
  const of = (id: string) => entries.find(({ entryId }) => entryId === id);
  return { told, of };
}

describe("a join that is back on the log", () => {
  test("fills the place that it has, once, and a replay tells so again", async () => {
    const first = [join(0, A, "e0", half), join(1, B)];
    const again = [redriven(2, A, 0), redriven(3, A, 0)];
    const { told, of } = await after(first, again, again);
    expect(told).toEqual(["placed", "placed", "filled", "none", "filled", "none"]);
    expect(of(A)).toMatchObject({ details: { read: "e0" }, places: [{ position: 1, filledOffset: 2 }] });
    expect(of(A)?.places).toHaveLength(1);
  });

  test("takes a new place at the end, once, where it had none, and says so", async () => {
    const { told, of } = await after(
      [join(1, B)],
      [redriven(2, A, 0), redriven(3, A, 0)],
      [redriven(2, A, 0)],
    );
    expect(told).toEqual(["placed", "placed", "none", "placed"]);
    expect(of(A)?.places).toMatchObject([{ joinOffset: 2, position: 2, redrivenFrom: 0 }]);
    expect(of(B)?.places).not.toMatchObject([{ redrivenFrom: expect.anything() }]);
  });

  test("takes none where the person has signed up since", async () => {
    const { told, of } = await after([join(1, A)], [redriven(2, A, 0)]);
    expect(told).toEqual(["placed", "repeated"]);
    expect(of(A)?.places).toHaveLength(1);
  });

  test.each(["EntryLeft", "EntryErased"] as const)(
    "brings nobody back whose place has ended: %s",
    async (type) => {
      const { told, of } = await after([join(0, A, "e0", half), end(1, type, 0)], [redriven(2, A, 0)]);
      expect(told.at(-1)).toBe("none");
      expect(of(A)?.places).toHaveLength(1);
      expect(of(A)?.details).toEqual(type === "EntryErased" ? null : { read: "" });
    },
  );

  test("brings nobody back who took its place at the end, and left", async () => {
    const { told, of } = await after([redriven(1, A, 0), end(2, "EntryLeft", 1)], [redriven(3, A, 0)]);
    expect(told).toEqual(["placed", "changed", "none"]);
    expect(of(A)?.places).toHaveLength(1);
  });

  test("that can't be read now either fills nothing, so that a later one can", async () => {
    const still = { ...redriven(1, A, 0), ...half };
    const { told } = await after([join(0, A, "e0", half)], [still, redriven(2, A, 0)]);
    expect(told).toEqual(["placed", "none", "filled"]);
  });

  test("however often and whenever it comes, gives each person one place and leaves no gap", async () => {
    const copies = fc.array(fc.record({ who: fc.constantFrom(A, B), from: fc.constantFrom(0, 1) }), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(copies, fc.boolean(), async (list, hadPlaces) => {
        const start = hadPlaces ? [join(0, A, "e0", half), join(1, B, "e1", half)] : [];
        const owner = { [A]: 0, [B]: 1 };
        const records = list.map(({ who }, index) => redriven(2 + index, who, owner[who] ?? 0));
        const { of } = await after(
          ...[start, ...records.map((record) => [record])].filter(({ length }) => length),
        );
        const places = [A, B].flatMap((who) => of(who)?.places ?? []);
        const people = new Set(hadPlaces ? [A, B] : list.map(({ who }) => who));
        expect(places.map(({ position }) => position).sort()).toEqual([1, 2].slice(0, people.size));
      }),
      { numRuns: 300 },
    );
  });
});
