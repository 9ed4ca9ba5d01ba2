import { readConfig } from "@waitlist/runtime";
import { describe, expect, it } from "vitest";
import { GatewayConfig } from "./config.ts";

const secret = "0123456789abcdef";
const needed = {
  ...{ PUBLIC_URL: "https://waitlist.test", KAFKA_BROKERS: "localhost:9092", REDIS_URL: "redis://localhost" },
  ...{ STORAGE_URL: "http://localhost:8081", EMAIL_URL: "http://localhost:8082" },
  INVITE_URL: "http://localhost:8083",
  ...{ INTERNAL_TOKEN: secret, ENTRY_ID_SECRET: secret, TOKEN_KEYS: `k1:${secret}` },
};
const read = (env: Record<string, string>) => readConfig(GatewayConfig, { ...needed, ...env });

describe("MAX_STREAMS", () => {
  it("is 10,000 unless it is said, and may be none", () => {
    expect(read({}).MAX_STREAMS).toBe(10_000);
    expect(read({ MAX_STREAMS: "0" }).MAX_STREAMS).toBe(0);
  });

  it("has bounds below it, which can't be none", () => {
    expect(read({})).toMatchObject({ MAX_STREAMS_PER_CLIENT: 100, MAX_STREAMS_PER_ENTRY: 10 });
    expect(() => read({ MAX_STREAMS_PER_CLIENT: "0" })).toThrow(/MAX_STREAMS_PER_CLIENT/);
    expect(() => read({ MAX_STREAMS_PER_ENTRY: "0" })).toThrow(/MAX_STREAMS_PER_ENTRY/);
  });

  it.each(["-1", "many", "1000001"])("is not %s", (wrong) => {
    expect(() => read({ MAX_STREAMS: wrong })).toThrow(/MAX_STREAMS/);
  });
});
