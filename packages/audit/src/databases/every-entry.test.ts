import { expect, it } from "vitest";
import type { EntryDocument } from "./documents.ts";
import { everyEntry } from "./every-entry.ts";

const document = (_id: string): EntryDocument => ({
  ...{ _id, waitlistId: "launch", places: [], repeatIds: [], position: 1, status: "waiting" },
});

it("an entry that moves while its list is read comes up once, and is looked up where it was missed", async () => {
  const databases = {
    entries: async function* () {
      for (const id of ["a", "b", "a"]) yield document(id);
    },
    find: async (_: string, ids: string[]) => ids.filter((id) => id !== "gone").map(document),
  };
  const found: string[] = [];
  for await (const { _id } of everyEntry(databases, "storage", "launch", ["a", "missed", "gone"]))
    found.push(_id);
  expect(found).toEqual(["a", "b", "missed"]);
});
