import { eventually } from "@waitlist/testing";
import { describe, expect, it } from "vitest";
import { createLocalCounter } from "./local-counter.ts";
import { parseRateLimit } from "./settings.ts";

function limitsOf(text: string) {
  const limits = parseRateLimit(text);
  if (!limits) throw new Error("these are no limits");
  return limits;
}

describe("the count of this process", () => {
  it("is by policy and key, and says when the window ends", async () => {
    const { policies } = limitsOf("client=5/60");
    const count = createLocalCounter(limitsOf("client=5/60"));
    expect((await count({ policy: policies.client, id: "client:a" }, 3)).used).toBe(3);
    const second = await count({ policy: policies.client, id: "client:a" }, 4);
    expect(second.used).toBe(7);
    expect(second.resetMs).toBeGreaterThan(50_000);
    expect(second.resetMs).toBeLessThanOrEqual(60_000);
    expect((await count({ policy: policies.client, id: "client:b" }, 1)).used).toBe(1);
    expect((await count({ policy: policies.list, id: "client:a" }, 1)).used).toBe(1);
  });

  it("begins anew with the next window", async () => {
    const { policies } = limitsOf("client=5/1");
    const count = createLocalCounter(limitsOf("client=5/1"));
    const use = { policy: policies.client, id: "client:a" };
    await count(use, 100);
    await eventually(async () => expect((await count(use, 1)).used).toBeLessThan(100));
  });

  it("keeps so many keys and no more: the one that was asked for longest ago begins anew", async () => {
    const { policies } = limitsOf("on");
    const count = createLocalCounter(limitsOf("on"), 2);
    const usedBy = async (key: string) => (await count({ policy: policies.client, id: key }, 1)).used;
    await usedBy("a");
    await usedBy("b");
    expect(await usedBy("a")).toBe(2);
    await usedBy("c");
    expect(await usedBy("a")).toBe(3);
    expect(await usedBy("b")).toBe(1);
  });
});
