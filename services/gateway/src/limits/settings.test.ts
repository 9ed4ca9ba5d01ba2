import { ConfigError } from "@waitlist/runtime";
import { describe, expect, it } from "vitest";
import { parseRateLimit } from "./settings.ts";

describe("RATE_LIMIT", () => {
  it("has usual limits", () => {
    expect(parseRateLimit("on")).toEqual({
      policies: {
        client: { name: "client", requests: 120, seconds: 60 },
        network: { name: "network", requests: 2400, seconds: 60 },
        list: { name: "list", requests: 6000, seconds: 60 },
        all: { name: "all", requests: 60_000, seconds: 60 },
        reads: { name: "reads", requests: 600, seconds: 60 },
        attack: { name: "attack", requests: 600, seconds: 60 },
      },
    });
  });

  it("limits nothing when it is off", () => {
    expect(parseRateLimit("off")).toBeNull();
  });

  it("changes the limits that it names", () => {
    const limits = parseRateLimit(" client=30/10, attack=5/1 ");
    expect(limits?.policies.client).toEqual({ name: "client", requests: 30, seconds: 10 });
    expect(limits?.policies.list).toEqual({ name: "list", requests: 6000, seconds: 60 });
    expect(limits?.policies.attack).toEqual({ name: "attack", requests: 5, seconds: 1 });
  });

  it("gives a network 20 times what its clients have, unless it says otherwise", () => {
    expect(parseRateLimit("client=30/10")?.policies.network).toMatchObject({ requests: 600, seconds: 10 });
    expect(parseRateLimit("client=30/10,network=31/9")?.policies.network).toMatchObject({
      ...{ requests: 31, seconds: 9 },
    });
  });

  it.each([
    "yes",
    "client",
    "client=30",
    "client=0/60",
    "client=30/0",
    "client=-1/60",
    "client=1.5/60",
    "client=30/86401",
    "other=30/60",
    "constructor=30/60",
    "client=30/60,client=40/60",
    "client=30/60,",
    "off,client=30/60",
  ])("%j is refused with a sentence", (text) => {
    expect(() => parseRateLimit(text)).toThrow(ConfigError);
    expect(() => parseRateLimit(text)).toThrow(/^RATE_LIMIT must be on, off, or limits such as [^\n]+\.$/);
  });
});
