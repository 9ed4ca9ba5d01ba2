// Every event that may stand on the log, and how one is made.
import { randomUUID } from "node:crypto";
import type { Static } from "@sinclair/typebox";
import { EntryConfirmed, EntryErased, EntryLeft, WaitlistJoined } from "./entry-events.ts";
import {
  InviteAllocated,
  InviteBatchCompleted,
  InviteBatchRequested,
  InviteBatchWithdrawn,
  InviteExpired,
  InviteRedeemed,
  InviteScheduleSet,
  InviteWithdrawn,
} from "./invite-events.ts";
import { EntryUndeliverable, MailResendRequested } from "./mail-events.ts";
import { WaitlistDefined } from "./waitlist-events.ts";

export const EVENTS = {
  WaitlistDefined,
  WaitlistJoined,
  EntryConfirmed,
  EntryLeft,
  EntryErased,
  InviteBatchRequested,
  InviteAllocated,
  InviteBatchCompleted,
  InviteRedeemed,
  InviteExpired,
  InviteWithdrawn,
  InviteBatchWithdrawn,
  InviteScheduleSet,
  EntryUndeliverable,
  MailResendRequested,
} as const;

export type EventType = keyof typeof EVENTS;
/** One event type's envelope with its data. */
export type EventOf<T extends EventType> = Static<(typeof EVENTS)[T]["schema"]>;
/** One event type's data. */
export type DataOf<T extends EventType> = EventOf<T>["data"];
/** Any event on the log; narrow by `type`. */
export type WaitlistEvent = { [T in EventType]: EventOf<T> }[EventType];

/**
 * Makes an event. `id` is random unless given: facts that a replay makes again carry an id derived from their
 * cause. `source` is the service's name as a CloudEvents URI reference, `at` the time in milliseconds.
 */
export function createEvent<T extends EventType>(
  type: T,
  data: DataOf<T>,
  origin: { source: string; at: number; id?: string },
): EventOf<T> {
  const event = {
    specversion: "1.0",
    id: origin.id ?? randomUUID(),
    source: origin.source,
    type,
    time: new Date(origin.at).toISOString(),
    datacontenttype: "application/json",
    schemaversion: EVENTS[type].version,
    data,
  };
  return event as EventOf<T>;
}

/** The bytes that stand on the log. */
export const encodeEvent = (event: WaitlistEvent): Buffer => Buffer.from(JSON.stringify(event));
