import { randomBytes } from "node:crypto";
import { DELIVERY_REPORT_BYTES } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bearer, createWorld, KEYS, type World } from "./support.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const pass = (payload: Buffer | undefined, headers: Record<string, string> = {}) =>
  world.app.inject({
    ...{ method: "POST", url: "/v1/mail/delivery-reports", ...(payload ? { payload } : {}) },
    headers: { ...bearer(KEYS.ops), ...(payload ? { "content-type": "message/rfc822" } : {}), ...headers },
  });

describe("a delivery report", () => {
  it("goes to the email service byte for byte, and its answer comes back", async () => {
    const message = randomBytes(5000);
    const answer = await pass(message);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ matched: true, action: "failed", status: "5.1.1" });
    expect(answer.headers["cache-control"]).toBe("no-store");
    expect(world.reports.map((report) => Buffer.from(report))).toEqual([message]);
  });

  it("is passed on once under an Idempotency-Key, and another one under it is refused", async () => {
    const key = { "idempotency-key": "bounce-1" };
    const first = await pass(Buffer.from("one"), key);
    expect((await pass(Buffer.from("one"), key)).json()).toEqual(first.json());
    expect(world.reports).toHaveLength(1);
    const refused = await pass(Buffer.from("another"), key);
    expect([refused.statusCode, refused.json().code]).toEqual([422, "idempotency-key-reused"]);
    expect(world.reports).toHaveLength(1);
    // The control: without a key, each is passed on.
    await pass(Buffer.from("one"));
    expect(world.reports).toHaveLength(2);
  });

  it("may be as large as is said, and no larger", async () => {
    expect((await pass(Buffer.alloc(DELIVERY_REPORT_BYTES, "a"))).statusCode).toBe(200);
    const refused = await pass(Buffer.alloc(DELIVERY_REPORT_BYTES + 1, "a"));
    expect([refused.statusCode, refused.json().code]).toEqual([413, "body-too-large"]);
    expect(world.reports).toHaveLength(1);
  });

  it("is answered where it says nothing", async () => {
    expect((await pass(undefined)).statusCode).toBe(200);
    expect(world.reports.map(({ length }) => length)).toEqual([0]);
  });

  it.each(["application/json", "text/plain", "multipart/report", "message/delivery-status"])(
    "is not taken as %s",
    async (type) => {
      const refused = await pass(Buffer.from("{}"), { "content-type": type });
      expect([refused.statusCode, refused.json().code]).toEqual([415, "unsupported-media-type"]);
    },
  );

  it.each(["admin", "read", "redeem"] as const)("isn't taken from a key with the scope %s", async (scope) => {
    const refused = await pass(Buffer.from("x"), bearer(KEYS[scope]));
    expect([refused.statusCode, refused.json().code]).toEqual([403, "forbidden"]);
    expect(world.reports).toEqual([]);
  });

  it("isn't taken from somebody without a key", async () => {
    expect((await pass(Buffer.from("x"), { authorization: "" })).statusCode).toBe(401);
  });

  it("is to be sent again where the email service is away", async () => {
    world.broken.email = true;
    const answer = await pass(Buffer.from("x"));
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "2"]);
  });
});
