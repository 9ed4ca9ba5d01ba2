import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { AdminKeysError, parseAdminKeys } from "./admin-keys.ts";

const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");

describe("admin keys", () => {
  const keys = parseAdminKeys(
    `# for the launch\nboss:admin+ops:${hashOf("k1")}\n\n looker:read:${hashOf("k2").toUpperCase()}, shop:redeem:${hashOf("k3")}`,
  );

  it("are found by the key, with their scopes; admin may read", () => {
    expect(keys.find("k1")).toEqual({ name: "boss", scopes: new Set(["admin", "ops", "read"]) });
    expect(keys.find("k2")).toEqual({ name: "looker", scopes: new Set(["read"]) });
    expect(keys.find("k3")?.name).toBe("shop");
  });

  it("are not found by anything else, the hash included", () => {
    for (const key of ["", "k4", "K1", hashOf("k1"), "boss"]) expect(keys.find(key)).toBeNull();
    expect(parseAdminKeys("").find("")).toBeNull();
  });

  it.each([
    "boss",
    "boss:admin",
    "boss:admin:1234",
    `boss:root:${hashOf("k")}`,
    `boss::${hashOf("k")}`,
    `:admin:${hashOf("k")}`,
    `a b:admin:${hashOf("k")}`,
    `boss:admin:${hashOf("k")}:more`,
  ])("%j are refused without being repeated", (text) => {
    expect(() => parseAdminKeys(text)).toThrow(AdminKeysError);
    expect(() => parseAdminKeys(text)).not.toThrow(hashOf("k"));
  });
});
