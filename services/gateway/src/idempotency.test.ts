import { createLogger } from "@waitlist/runtime";
import { describe, expect, it, vi } from "vitest";
import { createIdempotency } from "./idempotency.ts";
import type { IdempotencyStore, KeptRequest } from "./ports.ts";

const log = createLogger("test", "silent");

function memory() {
  const kept = new Map<string, KeptRequest>();
  const store: IdempotencyStore = {
    claim: async (key, request) => {
      const found = kept.get(key);
      if (!found) kept.set(key, { request });
      return found ?? null;
    },
    keep: async (key, result) => void kept.set(key, result),
    release: async (key) => void kept.delete(key),
  };
  return { kept, once: createIdempotency(store, "secret", log).once };
}
const request = (body: unknown, key: string | undefined = "k") => ({ scope: "s", key, body });

describe("an idempotent write", () => {
  it("runs once for requests at the same time, and both get its result", async () => {
    const { once } = memory();
    const run = vi.fn(async () => ({ n: 1 }));
    const results = await Promise.all([once(request({ a: 1 }), run), once(request({ a: 1 }), run)]);
    expect(results).toEqual([{ n: 1 }, { n: 1 }]);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("runs once where no body was sent, and isn't the one with a body", async () => {
    const { once } = memory();
    const run = vi.fn(async () => 1);
    expect([await once(request(undefined), run), await once(request(undefined), run)]).toEqual([1, 1]);
    expect(run).toHaveBeenCalledTimes(1);
    await expect(once(request({ reason: "late" }), run)).rejects.toMatchObject({
      code: "idempotency-key-reused",
    });
  });

  it("frees its key when it fails", async () => {
    const { once, kept } = memory();
    await expect(once(request(1), () => Promise.reject(new Error("down")))).rejects.toThrow("down");
    expect(kept.size).toBe(0);
    expect(await once(request(2), async () => "ok")).toBe("ok");
  });

  it("keeps neither the key nor the body as text", async () => {
    const { once, kept } = memory();
    await once(request({ email: "ada@example.com" }, "ada@example.com"), async () => 1);
    expect(JSON.stringify([...kept])).not.toContain("ada");
  });

  it("just runs without a key, and while the store is away", async () => {
    const away = () => Promise.reject(new Error("away"));
    const { once } = createIdempotency({ claim: away, keep: away, release: away }, "secret", log);
    const run = vi.fn(async () => 1);
    expect(await once(request(1), run)).toBe(1);
    expect(await memory().once({ scope: "s", key: undefined, body: 1 }, run)).toBe(1);
    expect(run).toHaveBeenCalledTimes(2);
  });
});
