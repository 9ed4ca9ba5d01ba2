import { expect, test } from "vitest";
import { allAtRest } from "./at-rest.ts";

/** Something that fails at once, and something that goes on for a while; what the second one had done when it was told. */
async function whenTold(together: (running: Promise<unknown>[]) => Promise<unknown>) {
  const rest = Promise.withResolvers<void>();
  let done = false;
  const slow = rest.promise.then(() => {
    done = true;
    throw new Error("the second one");
  });
  const told = together([slow, Promise.reject(new Error("the first one"))]).then(
    () => "nothing",
    (error: Error) => ({ message: error.message, done }),
  );
  setImmediate(rest.resolve);
  const outcome = await told;
  await slow.catch((error: Error) => expect(error.message).toBe("the second one"));
  return outcome;
}

test("whoever is told of the first failure is told when everything has come to rest", async () => {
  expect(await whenTold(allAtRest)).toEqual({ message: "the first one", done: true });
  // What it is there for: this one tells it while the other is at work.
  expect(await whenTold((running) => Promise.all(running))).toEqual({
    message: "the first one",
    done: false,
  });
});

test("without a failure each result is at its place", async () => {
  expect(await allAtRest([Promise.resolve(1), "two", null])).toEqual([1, "two", null]);
});
