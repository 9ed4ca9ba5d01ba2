import fc from "fast-check";
import { describe, test } from "vitest";
import { operationsWithMail } from "./support/history.ts";
import { crashesAndReplays, formerOwners } from "./support/property.ts";

describe("places are those that the log alone gives", () => {
  test("in any chunks, with a crash between any two writes, replayed from any earlier point", async () => {
    await fc.assert(crashesAndReplays(), { numRuns: 20_000 });
  });

  test("whatever is said of addresses that take no mail", async () => {
    await fc.assert(crashesAndReplays({}, operationsWithMail), { numRuns: 3000 });
    await fc.assert(formerOwners({}, operationsWithMail), { numRuns: 1500 });
  });

  test("with a former owner that writes at the same time", async () => {
    await fc.assert(formerOwners(), { numRuns: 10_000 });
  });
});
