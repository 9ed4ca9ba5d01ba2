import { eventually } from "@waitlist/testing";
import { beforeEach, describe, expect, it } from "vitest";
import { createOutageWatch, type OutageWatch } from "./outage-watch.ts";

let now: number;
let pings: { answer: () => void; fail: () => void }[];
let changes: boolean[];
let watch: OutageWatch;

beforeEach(() => {
  now = 0;
  pings = [];
  changes = [];
  watch = createOutageWatch({
    ping: () =>
      new Promise<void>((resolve, reject) => {
        pings.push({ answer: resolve, fail: () => reject(new Error("away")) });
      }),
    onChange: (here) => void changes.push(here),
    now: () => now,
  });
});

describe("an outage", () => {
  it("is known from the first failure on, and said once", () => {
    expect(watch.here()).toBe(true);
    watch.failed(new Error("away"));
    watch.failed(new Error("away"));
    expect(watch.here()).toBe(false);
    expect(changes).toEqual([false]);
  });

  it("is asked about once a second, by one question at a time, that nobody waits for", async () => {
    watch.failed(new Error("away"));
    now = 999;
    expect(watch.here()).toBe(false);
    expect(pings).toHaveLength(0);
    now = 1000;
    for (let i = 0; i < 5; i++) expect(watch.here()).toBe(false);
    expect(pings).toHaveLength(1);
    pings[0]?.fail();
    now = 1500;
    await eventually(() => {
      now += 1000;
      watch.here();
      expect(pings).toHaveLength(2);
    });
    pings[1]?.answer();
    await eventually(() => expect(watch.here()).toBe(true));
    expect(changes).toEqual([false, true]);
  });
});
