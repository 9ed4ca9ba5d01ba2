// Requests that wait until an invite is closed, whichever instance of the service applies what closes it.
import { setTimeout as wait } from "node:timers/promises";
import type { InviteState, WaitlistEvent } from "@waitlist/contracts";
import type { HistoryHandler } from "@waitlist/kafka";
import type { CodedInvite } from "./domain/choosing.ts";
import { toInviteState } from "./domain/views.ts";
import type { Queue } from "./ports.ts";

export interface ClosingWaits {
  /** The invite's state once it is closed, or as it is after `ms`; null where the queue doesn't hold it. */
  closed(invite: CodedInvite, ms: number): Promise<InviteState | null>;
  /** This instance has just stored what it applied: the next look is due. */
  applied(): void;
  /** Ends all waits with what is known by then: the service stops. */
  close(): void;
}

interface Waiter {
  invite: CodedInvite;
  deadline: number;
  settle: (state: InviteState | null) => void;
  fail: (error: unknown) => void;
}

/** How long a closing that another instance has applied may stay unseen, in milliseconds. */
const POLL_MS = 50;

/** However many wait, the queue is asked once at a time, for all of them by their keys; for nobody, never. */
export function createClosingWaits(queue: Pick<Queue, "load">, pollMs = POLL_MS): ClosingWaits {
  const waiting = new Set<Waiter>();
  let polling = false;
  let closing = false;
  let due = new AbortController();

  async function look(): Promise<void> {
    const asked = [...waiting];
    const entries = await queue.load([...new Set(asked.map(({ invite }) => invite.entryId))]);
    for (const waiter of asked) {
      const state = toInviteState(waiter.invite, entries.get(waiter.invite.entryId));
      if (state?.state === "open" && !closing && performance.now() < waiter.deadline) continue;
      waiting.delete(waiter);
      waiter.settle(state);
    }
  }

  /** Until the next look; at once where something was applied since the last one began. */
  async function pause({ signal }: AbortController): Promise<void> {
    const first = Math.min(...[...waiting].map(({ deadline }) => deadline)) - performance.now();
    const ms = Math.max(1, Math.min(pollMs, first));
    await wait(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async function poll(): Promise<void> {
    if (polling) return;
    polling = true;
    try {
      while (waiting.size > 0) {
        due = new AbortController();
        await look();
        if (waiting.size > 0) await pause(due);
      }
    } catch (error) {
      for (const { fail } of waiting) fail(error);
      waiting.clear();
    } finally {
      polling = false;
    }
  }

  return {
    closed: (invite, ms) => {
      const { promise, resolve: settle, reject: fail } = Promise.withResolvers<InviteState | null>();
      waiting.add({ invite, deadline: performance.now() + ms, settle, fail });
      void poll();
      return promise;
    },
    applied: () => due.abort(),
    close: () => {
      closing = true;
      due.abort();
    },
  };
}

/** The same handler, whose waiting requests look as soon as it has stored a stretch of history. */
export const thenLook = (
  handler: HistoryHandler<WaitlistEvent>,
  waits: Pick<ClosingWaits, "applied">,
): HistoryHandler<WaitlistEvent> => ({
  ...handler,
  apply: async (history) => {
    await handler.apply(history);
    waits.applied();
  },
});
