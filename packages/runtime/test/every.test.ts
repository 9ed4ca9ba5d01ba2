import { afterEach, expect, test, vi } from "vitest";
import { every, type Repetition } from "../src/every.ts";

const log = { info: vi.fn(), warn: vi.fn(), debug: vi.fn() };
let running: Repetition | undefined;
afterEach(async () => {
  await running?.stop();
  vi.clearAllMocks();
});

const start = (work: (stop: AbortSignal) => Promise<void>, intervalMs = 1) => {
  running = every(intervalMs, work, { what: "the look", log });
  return running;
};

test("the work is done at once, and again after each interval", async () => {
  const work = vi.fn(async () => undefined);
  start(work);
  expect(work).toHaveBeenCalledTimes(1);
  await vi.waitFor(() => expect(work.mock.calls.length).toBeGreaterThan(3));
});

test("one turn at a time, however long it takes", async () => {
  let under = 0;
  let most = 0;
  const work = vi.fn(async () => {
    under += 1;
    most = Math.max(most, under);
    await new Promise((resolve) => setImmediate(resolve));
    under -= 1;
  });
  start(work);
  await vi.waitFor(() => expect(work.mock.calls.length).toBeGreaterThan(3));
  expect(most).toBe(1);
});

test("an outage is logged once at its beginning and once at its end", async () => {
  const away = new Error("away");
  const work = vi
    .fn(async () => undefined)
    .mockRejectedValueOnce(away)
    .mockRejectedValueOnce(away);
  start(work);
  await vi.waitFor(() => expect(log.info).toHaveBeenCalledTimes(1), 10_000);
  expect(log.warn.mock.calls).toEqual([[{ err: away }, "the look: failed; trying again"]]);
  expect(work.mock.calls.length).toBeGreaterThanOrEqual(3);
});

test("the stop waits for what is under way, tells it to end, and ends the pause", async () => {
  const done = Promise.withResolvers<void>();
  let seen: AbortSignal | undefined;
  const { stop } = start((signal) => {
    seen = signal;
    return done.promise;
  }, 3_600_000);
  let stopped = false;
  const stopping = stop().then(() => {
    stopped = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect([seen?.aborted, stopped]).toEqual([true, false]);
  done.resolve();
  await stopping;
});
