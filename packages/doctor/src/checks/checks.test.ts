import { eventsTopic } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import { examineClock } from "./clock.ts";
import { examineTopic } from "./kafka.ts";
import { checkKeys } from "./keys.ts";
import { checkSettings } from "./settings.ts";

describe("clocks", () => {
  const reading = { asked: 10_000, answered: 10_400, grainMs: 1 };
  test.each([
    [10_200, "right", /agrees/],
    [7_999, "right", /agrees/],
    [7_900, "wrong", /2\.1 s behind/],
    [12_400, "right", /agrees/],
    [13_400, "wrong", /3\.0 s ahead/],
  ])("a server at %i, asked at 10,000 and answering at 10,400, is %s", (theirs, state, says) => {
    expect(examineClock("Redis", { ...reading, theirs })).toMatchObject({
      state,
      says: expect.stringMatching(says),
    });
  });
});

describe("replicas of a topic", () => {
  const wanted = eventsTopic(1);
  const look = (replicas: number, least: number, brokers: number, inSync = replicas, hasLeader = true) =>
    examineTopic(
      wanted,
      {
        name: wanted.name,
        partitions: [{ replicas, inSync, hasLeader }],
        config: new Map([...Object.entries(wanted.config), ["min.insync.replicas", String(least)]]),
        later: [],
      },
      brokers,
    )
      .filter(({ state }) => state === "wrong")
      .map(({ says }) => says);

  test("are as they should be with 3 of which 2 must be in sync, and with one broker that has none", () => {
    expect(look(3, 2, 3)).toEqual([]);
    expect(look(1, 1, 1)).toEqual([]);
  });

  test("are too few where there are brokers for more", () => {
    expect(look(1, 1, 3)).toEqual([expect.stringContaining("one copy of the history")]);
  });

  test("may lose what is acknowledged where one is enough", () => {
    expect(look(3, 1, 3)).toEqual([expect.stringContaining("min.insync.replicas is 1")]);
  });

  test("stop every signup where all must be in sync", () => {
    expect(look(2, 2, 3)).toEqual([expect.stringContaining("one broker away stops every signup")]);
  });

  test("that are behind, and partitions without a leader, are found", () => {
    expect(look(3, 2, 3, 2)).toEqual([expect.stringContaining("isn't in sync")]);
    expect(look(3, 2, 3, 3, false)).toEqual([expect.stringContaining("no leader")]);
  });
});

describe("keys", () => {
  const keys = {
    ...{ ADMIN_KEYS: `ada:admin+ops:${"0".repeat(64)}`, ENTRY_ID_SECRET: "one secret of them" },
    ...{ TOKEN_KEYS: "k1:another secret of them", INTERNAL_TOKEN: "a third secret of them" },
  };
  const wrong = (more: Partial<typeof keys>, hasStartKey = false) =>
    checkKeys({ ...keys, ...more }, hasStartKey).filter(({ state }) => state === "wrong");

  test("that are each another one, with an admin among them, have nothing wrong", () => {
    expect(wrong({})).toEqual([]);
  });

  test("of which none may change lists are found, unless this is a start, which has its own", () => {
    const readers = { ADMIN_KEYS: `ada:read:${"0".repeat(64)}` };
    expect(wrong(readers)).toMatchObject([{ about: "ADMIN_KEYS" }]);
    expect(wrong(readers, true)).toEqual([]);
  });

  test("of which two are the same are found, and not told", () => {
    const same = wrong({ INTERNAL_TOKEN: keys.ENTRY_ID_SECRET });
    expect(same).toMatchObject([{ about: "Secrets" }]);
    expect(wrong({ TOKEN_KEYS: `k1:${keys.INTERNAL_TOKEN}` })).toHaveLength(1);
    expect(JSON.stringify(same)).not.toContain(keys.ENTRY_ID_SECRET);
  });
});

describe("settings", () => {
  test("are looked at for each service, as it reads them itself", () => {
    const findings = checkSettings({ KAFKA_BROKERS: "127.0.0.1:1", TRUST_PROXY: "everybody" });
    expect(findings.map(({ about, state }) => [about, state])).toEqual([
      ...["gateway", "storage", "email", "invite"].map((service) => [`Settings of ${service}`, "wrong"]),
    ]);
    expect(findings[0]?.says).toContain("TRUST_PROXY");
  });
});
