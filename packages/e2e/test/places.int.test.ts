// The places of all three services in a real database, under the same histories and misfortunes as in memory.
import { evolveRecipient } from "@waitlist/email/domain/recipient";
import { createFold, type Evolve } from "@waitlist/roster";
import {
  assertSamePlaces,
  atOnce,
  inTurn,
  runAtOnce,
  runInTurn,
  type SignupOf,
  testRules,
  toHistory,
} from "@waitlist/roster/testing";
import { evolvePerson } from "@waitlist/storage/domain/person";
import { uniqueName } from "@waitlist/testing";
import fc from "fast-check";
import { type Db, MongoClient } from "mongodb";
import { afterAll, beforeAll, describe, inject, test } from "vitest";
import { openDatabase } from "./support/mongo-database.ts";

let client: MongoClient;
let db: Db;

beforeAll(() => {
  client = new MongoClient(inject("backing").mongodb);
  db = client.db(uniqueName("places"));
});

afterAll(async () => {
  await db.dropDatabase();
  await client.close();
});

/** What one service makes of a history, and how its details tell which signup they are from. */
interface Service<D> {
  name: string;
  evolve: Evolve<D>;
  signupOf: SignupOf<D> | null;
}

const storage: Service<Parameters<typeof evolvePerson>[0] & object> = {
  name: "storage",
  evolve: evolvePerson,
  signupOf: ({ email }) => email?.split("@")[0] ?? "",
};
const email: Service<Parameters<typeof evolveRecipient>[0] & object> = {
  name: "email",
  evolve: evolveRecipient,
  signupOf: ({ address }) => address?.split("@")[0] ?? "",
};
const invite: Service<null> = { name: "invite", evolve: () => null, signupOf: null };

function placesOf<D>({ name, evolve, signupOf }: Service<D>): void {
  describe(`the places of ${name} in a real database`, () => {
    const fold = createFold(evolve, testRules);

    test("survive crashes between any two writes, and replays", async () => {
      const database = await openDatabase<D>(db, uniqueName(name));
      const property = fc.asyncProperty(inTurn, async (values) => {
        await database.empty();
        const trial = { database, history: toHistory(values.operations), fold };
        await runInTurn(trial, values);
        await assertSamePlaces(trial, signupOf);
      });
      await fc.assert(property, { numRuns: 400, endOnFailure: true });
    });

    test("survive a former owner that writes at the same time", async () => {
      const database = await openDatabase<D>(db, uniqueName(name));
      const property = fc.asyncProperty(atOnce, async (values) => {
        await database.empty();
        const trial = { database, history: toHistory(values.operations), fold };
        await runAtOnce(trial, values);
        await assertSamePlaces(trial, signupOf);
      });
      await fc.assert(property, { numRuns: 400, endOnFailure: true });
    });
  });
}

placesOf(storage);
placesOf(email);
placesOf(invite);
