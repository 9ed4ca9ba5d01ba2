import { createAdminClient } from "../admin.ts";
import type { KafkaOptions } from "../client.ts";
import type { HistoryError } from "../errors.ts";
import { backoffMs, pause } from "../waiting.ts";
import type { HeldPartition, PartitionContext } from "./held-partition.ts";
import { joinGroup, type MembershipEvents } from "./membership.ts";
import { createHistoryMetrics } from "./metrics.ts";
import { holdPartition } from "./partition.ts";
import { withDefaults } from "./settings.ts";
import type { HistoryConsumer, HistoryOptions } from "./types.ts";

export type * from "./types.ts";

/** A membership that has lasted this long was a good one: the next attempt to join waits shortly again. */
const GOOD_MEMBERSHIP_MS = 60_000;
const JOIN_BACKOFF = { firstMs: 200, maxMs: 3000 };

/**
 * Takes each partition's history in order, from the cursor in the service's own database, and no record but the next
 * one. Outages are waited for, poison is set aside, and where the cursor doesn't fit the log it stops.
 */
export function createHistoryConsumer<E>(options: KafkaOptions & HistoryOptions<E>): HistoryConsumer {
  const { log } = options;
  const settings = withDefaults<E>(options);
  const { group, topic } = settings;
  const admin = createAdminClient(options);
  const metrics = createHistoryMetrics(group, settings.registry);
  const stopping = new AbortController();
  /** Partitions held now, and those held before that may not have come to rest. */
  const held = new Map<number, HeldPartition>();
  const former = new Map<number, HeldPartition>();
  let running: Promise<void> | undefined;
  /** When the broker answered last; from the start on, it has time for its first answer. */
  let heardAt = performance.now();

  const fatal = (error: HistoryError) => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    settings.onFatal(error);
  };
  const context: PartitionContext<E> = { settings, admin, metrics, log, stopping: stopping.signal, fatal };

  const loseAll = () => {
    for (const [partition, holder] of held) {
      holder.lose();
      former.set(partition, holder);
    }
    held.clear();
  };
  const events: MembershipEvents = {
    assigned: (partitions, control) => {
      loseAll();
      log.info({ group, topic, partitions }, "partitions assigned");
      for (const partition of partitions) {
        const holder = holdPartition(partition, control, context);
        held.set(partition, holder);
        holder.begin(former.get(partition)?.rest() ?? Promise.resolve());
      }
    },
    batch: async (payload) => {
      await held.get(payload.batch.partition)?.process(payload);
    },
    heard: () => {
      heardAt = performance.now();
    },
  };

  const beMember = async (): Promise<void> => {
    const membership = joinGroup(options, settings, events);
    const reason = await Promise.race([membership.ended, aborted(stopping.signal)]);
    // Partitions of a member that stops finish what they have in hand; those of a broken one begin nothing more.
    if (reason) loseAll();
    await membership.leave();
    if (reason) throw reason;
  };

  const supervise = async (): Promise<void> => {
    for (let attempt = 0; !stopping.signal.aborted; attempt += 1) {
      const since = performance.now();
      try {
        await beMember();
      } catch (error) {
        if (performance.now() - since > GOOD_MEMBERSHIP_MS) attempt = 0;
        log.warn({ err: error, group, topic }, "not in the group; joining again");
        await pause(backoffMs(attempt, JOIN_BACKOFF), stopping.signal);
      }
    }
    const holders = [...held.values(), ...former.values()];
    loseAll();
    await Promise.all(holders.map((holder) => holder.rest()));
    await admin.close();
  };

  return {
    start: () => {
      heardAt = performance.now();
      running ??= supervise();
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    // A member that has not been heard for a session, nor could join anew since, is none any more.
    isHeard: () => performance.now() - heardAt < settings.sessionTimeoutMs + settings.rebalanceTimeoutMs,
    state: () => [...held.values()].map((holder) => holder.state()).sort((a, b) => a.partition - b.partition),
  };
}

const aborted = (signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
