// People signing up while things break: each goes on trying until the gateway says that the signup is on the log.
import { setTimeout as wait } from "node:timers/promises";
import type { System } from "@waitlist/launcher";

export interface Accepted {
  email: string;
  entryId: string;
  /** When the answer came, on this process's clock (`performance.now()`), in milliseconds. */
  at: number;
}

export interface Load {
  /** How many were answered with a 2xx so far. */
  accepted(): number;
  /** The longest time in which nobody was accepted, from a moment on (`performance.now()`), in milliseconds. */
  longestPauseMs(since: number): number;
  /** Answers other than 202, by status (0: no answer at all). */
  refusals: Map<number, number>;
  /** Every 2xx, once all have one. */
  done: Promise<Accepted[]>;
  /** Nobody else comes; `done` waits for those who are there. */
  stop(): void;
}

export interface LoadOptions {
  waitlistId: string;
  /** How many come at most. */
  count: number;
  /** How many people are signing up at one moment. */
  concurrency: number;
  /** How long each place among those stays empty before the next one comes, in milliseconds (0). */
  restMs?: number;
}

const ANSWER_WITHIN_MS = 10_000;
const GIVE_UP_AFTER_MS = 90_000;
const AGAIN_AFTER_MS = 50;

/** Starts the signups at once. `done` rejects where somebody is still refused after a minute and a half. */
export function startLoad({ endpoints }: Pick<System, "endpoints">, options: LoadOptions): Load {
  const { waitlistId, count, concurrency, restMs = 0 } = options;
  const address = `${endpoints.gateway}/v1/waitlists/${waitlistId}/entries`;
  const refusals = new Map<number, number>();
  const accepted: Accepted[] = [];
  let next = 0;
  let stopped = false;

  async function signUp(email: string): Promise<void> {
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    while (performance.now() < giveUpAt) {
      const { status, entryId } = await post(address, email);
      if (status === 202 && entryId) {
        accepted.push({ email, entryId, at: performance.now() });
        return;
      }
      refusals.set(status, (refusals.get(status) ?? 0) + 1);
      await wait(AGAIN_AFTER_MS);
    }
    throw new Error("somebody could not sign up for a minute and a half");
  }

  async function person(): Promise<void> {
    while (next < count && !stopped) {
      next += 1;
      await signUp(`person${next}@${waitlistId}.example.com`);
      if (restMs > 0) await wait(restMs);
    }
  }

  return {
    accepted: () => accepted.length,
    longestPauseMs: (since) => longestPauseMs(accepted, since),
    refusals,
    done: Promise.all(Array.from({ length: concurrency }, person)).then(() => accepted),
    stop: () => {
      stopped = true;
    },
  };
}

/** Answers are kept in the order in which they came. */
function longestPauseMs(accepted: Accepted[], since: number): number {
  const times = [since, ...accepted.map(({ at }) => at).filter((at) => at > since)];
  return times.reduce((longest, at, index) => Math.max(longest, at - (times[index - 1] ?? at)), 0);
}

async function post(address: string, email: string): Promise<{ status: number; entryId?: string }> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const body = (await response.json()) as { entryId?: string };
    return { status: response.status, ...(body.entryId ? { entryId: body.entryId } : {}) };
  } catch {
    // No answer: the gateway is down or was killed under this request. Whether it counted will show.
    return { status: 0 };
  }
}
