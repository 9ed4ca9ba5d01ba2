import { connectMongo } from "@waitlist/roster";
import { uniqueName } from "@waitlist/testing";
import { inject } from "vitest";

/** A database of the test file's own. */
export function openDatabase(what: string) {
  const { db, close } = connectMongo(inject("backing").mongodb, uniqueName(what));
  return {
    db,
    drop: async () => {
      await db.dropDatabase();
      await close();
    },
  };
}
