// Where retention has removed the log's beginning, the rest is checked all the same, wherever it begins.
import { describe, expect, it } from "vitest";
import type { EntryDocument } from "../src/databases/documents.ts";
import { textOf } from "../src/report/text.ts";
import { audited, saidBy } from "./support/audited.ts";
import { busyHistory } from "./support/busy-history.ts";
import { store } from "./support/databases.ts";
import { entry } from "./support/history.ts";

const ofPerson = (documents: EntryDocument[], person: number) => {
  const document = documents.find(({ _id }) => _id === entry(person));
  const place = document?.places[0];
  if (!document || !place) throw new Error("nobody there to spoil");
  return { document, place };
};

describe("without the log's beginning, the audit", () => {
  it("takes the places from storage's entries and finds that all agree, wherever the log begins", async () => {
    const history = busyHistory();
    for (let start = 1; start <= history.records.length; start += 1) {
      const result = await audited(history.records, store(history), start);
      expect(saidBy(result), `from ${start}`).toEqual([]);
      expect(result.lists, `from ${start}`).toMatchObject([
        { places: 11, batches: 5, invites: 10, closed: 6 },
      ]);
    }
  });

  it("says from which offset on it could check by itself", async () => {
    const history = busyHistory();
    const text = textOf(await audited(history.records, store(history), 12));
    expect(text).toContain("Partition 0: retention has removed the log before offset 12.");
    expect(text).toContain("All three databases agree with the log");
    expect(text).toContain("As far as is said above.");
  });

  it.each(["storage", "email", "invite"] as const)("finds another position in %s", async (service) => {
    const history = busyHistory();
    for (const start of [1, 12, history.records.length]) {
      const stored = store(history);
      const { document, place } = ofPerson(stored.entries[service], 6);
      Object.assign(place, { position: 40 });
      Object.assign(document, { position: 40 });
      expect(saidBy(await audited(history.records, stored, start)), `from ${start}`).not.toEqual([]);
    }
  });

  it("finds an invite of storage's that the invite service doesn't know, and the other way round", async () => {
    const history = busyHistory();
    for (const service of ["storage", "invite"] as const) {
      const stored = store(history);
      const { place } = ofPerson(stored.entries[service], 0);
      delete place.invite;
      expect(saidBy(await audited(history.records, stored, history.records.length))).not.toEqual([]);
    }
  });

  it("finds a closing told otherwise before it", async () => {
    const history = busyHistory();
    const stored = store(history);
    const { place } = ofPerson(stored.entries.invite, 0);
    Object.assign(place.invite?.closed ?? {}, { how: "expired" });
    const said = saidBy(await audited(history.records, stored, history.records.length));
    expect(said[0]).toMatch(/invite: before the log begins: .* expired .*, by storage redeemed/);
  });

  it("refuses where storage hasn't read up to it", async () => {
    const history = busyHistory();
    const stored = store(history);
    stored.next.storage = 3;
    await expect(audited(history.records, stored, 5)).rejects.toThrow(/begins at offset 5.*only up to 3/);
  });
});
