import { Registry } from "@waitlist/runtime";
import { eventually } from "@waitlist/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { keepLeases } from "./lease-keeper.ts";
import { createMailMetrics } from "./metrics.ts";

let stopping: AbortController;
let now: number;
beforeEach(() => {
  stopping = new AbortController();
  now = 0;
});
afterEach(() => stopping.abort());

/** Keeps leases of 1 ms over a ledger whose looks take `tookMs` each; returns how many there were. */
function keeping(tookMs: number, fails: boolean): () => number {
  let looks = 0;
  const recover = async () => {
    looks += 1;
    now += tookMs;
    if (fails) throw new Error("the database is away");
    return [];
  };
  void keepLeases({
    ledger: { recover },
    queue: { suspectMore: () => undefined },
    metrics: createMailMetrics(new Registry()),
    leaseMs: 1,
    clock: () => now,
    log: { warn: () => undefined, debug: () => undefined },
    stop: stopping.signal,
  });
  return () => looks;
}

it("looks again after a lease when the database was away, however long it took to find that out", async () => {
  const looks = keeping(60_000, true);
  await eventually(() => expect(looks()).toBeGreaterThan(3));
});

it("looks again within ten leases, however slow the database is", async () => {
  const looks = keeping(60_000, false);
  await eventually(() => expect(looks()).toBeGreaterThan(3));
});
