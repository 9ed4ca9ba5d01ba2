import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  attemptIdOf,
  batchIdOf,
  entryIdOf,
  inviteCodeOf,
  inviteIdOf,
  joinIdOf,
  partitionOf,
  secretFingerprint,
  settingIdOf,
} from "./ids.ts";

const SECRET = "a secret of sixteen bytes or more";
const ENTRY = "mfrggzdfmztwq2lknnwg23tpoa";

describe("ids are functions of what they name", () => {
  // Written once: another value here would give every person on every list another id.
  test("they never change from one release to the next", () => {
    expect(entryIdOf(SECRET, "socialode", "ada@example.com")).toBe("5xtu4zq3u654bhjvwv5p6jbc3t");
    expect(batchIdOf(SECRET, "socialode", "first-25")).toBe("b-vala6zspxfhqhblaaiwt");
    expect(inviteIdOf(SECRET, "b-1", ENTRY, 17)).toBe("i-hcjptftuj55leub22zlty42u");
    expect(inviteCodeOf(SECRET, "i-1")).toBe("5CZK-9JXS-DVAC");
    const attempt = { inviteId: "i-1", keyName: "shop", idempotencyKey: "cart-7" };
    expect(attemptIdOf(SECRET, attempt)).toBe("a-pnaf232sgbhaknzkex3s5ihf");
    expect(secretFingerprint(SECRET)).toBe("mqlvhulcu74y");
    expect(partitionOf("socialode", 12)).toBe(10);
  });

  test("an entryId differs by secret, list and address", () => {
    const ids = [
      entryIdOf(SECRET, "socialode", "ada@example.com"),
      entryIdOf(`${SECRET}!`, "socialode", "ada@example.com"),
      entryIdOf(SECRET, "another", "ada@example.com"),
      entryIdOf(SECRET, "socialode", "bob@example.com"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("an attempt differs by invite, admin key and Idempotency-Key", () => {
    const attempt = { inviteId: "i-1", keyName: "shop", idempotencyKey: "cart-7" };
    const others = [{ inviteId: "i-2" }, { keyName: "till" }, { idempotencyKey: "cart-8" }];
    const ids = [attempt, ...others.map((other) => ({ ...attempt, ...other }))];
    expect(new Set(ids.map((each) => attemptIdOf(SECRET, each))).size).toBe(4);
  });

  test("a signup's event differs by list, key and body, a schedule's setting by schedule, too", () => {
    const signup = { email: "ada@example.com" };
    const joins = [
      joinIdOf(SECRET, "socialode", { key: "k", signup }),
      joinIdOf(SECRET, "another", { key: "k", signup }),
      joinIdOf(SECRET, "socialode", { key: "l", signup }),
      joinIdOf(SECRET, "socialode", { key: "k", signup: { ...signup, name: "Ada" } }),
    ];
    const daily = { waitlistId: "socialode", scheduleId: "daily" };
    const settings = [
      settingIdOf(SECRET, daily, { key: "k", wanted: { count: 1 } }),
      settingIdOf(SECRET, { ...daily, scheduleId: "weekly" }, { key: "k", wanted: { count: 1 } }),
      settingIdOf(SECRET, daily, { key: "l", wanted: { count: 1 } }),
      settingIdOf(SECRET, daily, { key: "k", wanted: { count: 2 } }),
    ];
    expect(new Set([...joins, ...settings]).size).toBe(8);
  });

  test("a code is easily read: three groups of four, no 0, O, 1, I or L", () => {
    fc.assert(
      fc.property(fc.string(), (inviteId) => {
        expect(inviteCodeOf(SECRET, inviteId)).toMatch(/^[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}$/);
      }),
    );
  });

  test("every list has a partition, whatever its name", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 1000 }), (waitlistId, partitions) => {
        const partition = partitionOf(waitlistId, partitions);
        expect(Number.isInteger(partition) && partition >= 0 && partition < partitions).toBe(true);
      }),
    );
  });
});
