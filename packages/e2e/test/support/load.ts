// People signing up while things break: each goes on trying until the gateway says that the signup is on the log.
import type { System } from "@waitlist/launcher";

export interface Accepted {
  email: string;
  entryId: string;
}

export interface Load {
  /** How many were answered with a 2xx so far. */
  accepted(): number;
  /** Answers other than 202, by status (0: no answer at all). */
  refusals: Map<number, number>;
  /** Every 2xx, once all have one. */
  done: Promise<Accepted[]>;
}

export interface LoadOptions {
  waitlistId: string;
  count: number;
  /** How many people are signing up at one moment. */
  concurrency: number;
}

const ANSWER_WITHIN_MS = 10_000;
const GIVE_UP_AFTER_MS = 90_000;
const AGAIN_AFTER_MS = 50;

/** Starts the signups at once. `done` rejects where somebody is still refused after a minute and a half. */
export function startLoad({ endpoints }: System, { waitlistId, count, concurrency }: LoadOptions): Load {
  const address = `${endpoints.gateway}/v1/waitlists/${waitlistId}/entries`;
  const refusals = new Map<number, number>();
  const accepted: Accepted[] = [];
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  let next = 0;

  async function signUp(email: string): Promise<void> {
    while (performance.now() < giveUpAt) {
      const { status, entryId } = await post(address, email);
      if (status === 202 && entryId) {
        accepted.push({ email, entryId });
        return;
      }
      refusals.set(status, (refusals.get(status) ?? 0) + 1);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
    throw new Error("somebody could not sign up for a minute and a half");
  }

  async function person(): Promise<void> {
    while (next < count) {
      next += 1;
      await signUp(`person${next}@${waitlistId}.example.com`);
    }
  }

  return {
    accepted: () => accepted.length,
    refusals,
    done: Promise.all(Array.from({ length: concurrency }, person)).then(() => accepted),
  };
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
