// `Idempotency-Key` on writes: the same key gives the same outcome, another request under it is refused.
import { createHmac } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { ProblemError } from "@waitlist/contracts";
import type { Logger } from "@waitlist/runtime";
import type { IdempotencyStore, KeptRequest } from "./ports.ts";

export interface IdempotentRequest {
  /** What the key counts for: the same key elsewhere is another one. */
  scope: string;
  key: string | undefined;
  body: unknown;
}

export interface Idempotency {
  /**
   * Runs `run` once for a key and keeps what it resolves to (JSON) for 24 hours; a failure frees the key. Without a
   * key, or while the store is out of reach, it just runs: a repeat then does no harm, because the ids are derived.
   * Throws `ProblemError` `idempotency-key-reused` or `idempotency-key-in-use`.
   */
  once<T>(request: IdempotentRequest, run: () => Promise<T>): Promise<T>;
}

const POLL_MS = 50;
/** How long the answer to the same request is waited for, in milliseconds. */
const PATIENCE_MS = 5000;

/** `secret` keys the hashes: what is kept must not tell addresses to whoever reads Redis. */
export function createIdempotency(store: IdempotencyStore, secret: string, log: Logger): Idempotency {
  const hash = (text: string) => createHmac("sha256", secret).update(text).digest("base64url");

  const orWithout = async <T>(use: () => Promise<T>, without: T): Promise<T> => {
    try {
      return await use();
    } catch (err) {
      log.warn({ err }, "Redis is out of reach; the write goes on without its Idempotency-Key");
      return without;
    }
  };

  /** What was kept by an earlier request, or null if this one is to run. */
  const earlier = async (key: string, request: string): Promise<KeptRequest | null> => {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const kept = await orWithout(() => store.claim(key, request), null);
      if (kept === null) return null;
      if (kept.request !== request) throw new ProblemError("idempotency-key-reused");
      if (kept.result !== undefined) return kept;
      if (performance.now() > deadline) {
        throw new ProblemError("idempotency-key-in-use", undefined, { retryAfter: 1 });
      }
      await wait(POLL_MS);
    }
  };

  return {
    once: async <T>({ scope, key, body }: IdempotentRequest, run: () => Promise<T>): Promise<T> => {
      if (key === undefined) return run();
      const name = hash(`${scope}\n${key}`);
      // Where no body was sent, there is no JSON either.
      const request = hash(JSON.stringify(body ?? null));
      const kept = await earlier(name, request);
      if (kept) return kept.result as T;
      try {
        const result = await run();
        await orWithout(() => store.keep(name, { request, result }), undefined);
        return result;
      } catch (error) {
        await orWithout(() => store.release(name, request), undefined);
        throw error;
      }
    },
  };
}
