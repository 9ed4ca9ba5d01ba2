import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { createPulse, keepAlive } from "./pulse.ts";

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const kafkaError = (type: string) => Object.assign(new Error(type), { type });

describe("a batch's pulse", () => {
  it("remembers that the group is being divided anew, and beats no more", async () => {
    const heartbeat = vi.fn().mockRejectedValue(kafkaError("REBALANCE_IN_PROGRESS"));
    const pulse = createPulse({ heartbeat }, log);
    await pulse.beat();
    await pulse.beat();
    expect(pulse.lost()?.message).toBe("REBALANCE_IN_PROGRESS");
    expect(heartbeat).toHaveBeenCalledTimes(1);
  });

  it("takes a coordinator that can't be reached for no loss", async () => {
    const pulse = createPulse({ heartbeat: () => Promise.reject(new Error("connection")) }, log);
    await pulse.beat();
    expect(pulse.lost()).toBeUndefined();
  });

  it("is kept while work goes on, but not for longer than the patience", async () => {
    const heartbeat = vi.fn().mockResolvedValue(undefined);
    const pulse = createPulse({ heartbeat }, log);
    await keepAlive(pulse, { everyMs: 10, patienceMs: 100 }, () => wait(400));
    const beats = heartbeat.mock.calls.length;
    expect(beats).toBeGreaterThan(1);
    expect(beats).toBeLessThan(12);
  });
});
