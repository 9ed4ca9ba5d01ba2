import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import { every } from "./every.ts";

test("work is done again and again, failures are told, and stopping waits for what is under way", async () => {
  const warnings: string[] = [];
  const log = { warn: (_fields: object, message: string) => void warnings.push(message) };
  const done = Promise.withResolvers<void>();
  let rounds = 0;
  let finished = false;
  const timer = every(
    1,
    async () => {
      rounds += 1;
      if (rounds === 1) throw new Error("away");
      if (rounds < 3) return;
      await done.promise;
      finished = true;
    },
    { what: "the work", log },
  );
  await eventually(() => expect(rounds).toBe(3));
  expect(warnings).toEqual(["the work failed; it is tried again"]);
  const stopped = timer.stop();
  expect(finished).toBe(false);
  done.resolve();
  await stopped;
  expect([rounds, finished]).toEqual([3, true]);
});
