import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createHmacSha256 } from "./hmac.ts";

describe("our HMAC-SHA256", () => {
  it("is Node's, for keys and messages of any length", () => {
    const key = fc.oneof(
      fc.string(),
      fc.string({ minLength: 60, maxLength: 70 }),
      fc.string({ minLength: 120 }),
    );
    const message = fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 300 }));
    fc.assert(
      fc.property(key, message, (secret, text) => {
        expect(createHmacSha256(secret)(text)).toEqual(createHmac("sha256", secret).update(text).digest());
      }),
      { numRuns: 500 },
    );
  });

  it("is the one of RFC 4231's second test case", () => {
    const digest = createHmacSha256("Jefe")("what do ya want for nothing?").toString("hex");
    expect(digest).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  });
});
