// Hears what storage has stored, over one Redis subscription a process.

import { Value } from "@sinclair/typebox/value";
import { AppliedAnnouncement, READ_MODEL_CHANNEL, readModelCursorKey } from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import type { Logger } from "@waitlist/runtime";
import type { AppliedWaits } from "../applied-waits.ts";
import type { AnnouncementHearer, Announcements } from "../ports.ts";
import { cursorOf } from "./read-model-cursor.ts";

/**
 * Passes announcements on to `waits`, and to whoever asks to be told. `subscription` is a connection of its own. After
 * each subscribing the cursors are read from `redis` once, for what was announced while nobody listened.
 */
export function followAnnouncements(
  { subscription, redis }: { subscription: RedisConnection; redis: RedisConnection },
  waits: AppliedWaits,
  partitions: number,
  log: Logger,
): Announcements {
  const cursorKeys = Array.from({ length: partitions }, (_, partition) => readModelCursorKey(partition));
  const hearers: AnnouncementHearer[] = [];

  const catchUp = async () => {
    for (const hearer of hearers) hearer.resumed();
    const values = await redis.client.mget(cursorKeys);
    for (const [partition, value] of values.entries()) {
      const next = cursorOf(value, redis.runId());
      if (next !== null) waits.announce(partition, next);
    }
  };
  const report = (err: unknown) => log.warn({ err }, "announcements of what is stored are not heard");

  subscription.onReady(() => {
    subscription.client
      .subscribe(READ_MODEL_CHANNEL)
      .then(() => {
        waits.setListening(true);
        return redis.runId() === null ? undefined : catchUp();
      })
      .catch(report);
  });
  // Whichever of the two connections is there last catches up.
  redis.onReady(() => void catchUp().catch(report));
  subscription.client.on("close", () => waits.setListening(false));
  subscription.client.on("message", (_channel, message) => {
    const announcement = parse(message);
    if (!Value.Check(AppliedAnnouncement, announcement)) return;
    waits.announce(announcement.partition, announcement.next);
    for (const hearer of hearers) hearer.announced(announcement);
  });
  return { tell: (hearer) => void hearers.push(hearer) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not from storage: whoever else publishes there is not listened to.
    return null;
  }
}
