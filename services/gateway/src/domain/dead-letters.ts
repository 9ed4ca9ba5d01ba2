// Dead letters as their topics tell of them: what was set aside, and what was decided about it. Pure.
import { decodeEvent, type WaitlistEvent } from "@waitlist/contracts";

/** A record of a group's dead-letter topic. */
export interface DeadLetterRecord {
  offset: number;
  /** In milliseconds. */
  timestamp: number;
  key: string;
  value: Uint8Array | null;
  headers: Record<string, string>;
}

/** A decision: a record of the same topic, so that it is kept as long as what it is about. The first one counts. */
export interface Decision {
  status: "redriven" | "discarded";
  by: string;
  reason?: string;
  /** Where a redriven record stands now. */
  offset?: number;
  place?: "end" | "kept";
}

export interface Letter {
  id: string;
  group: string;
  cause: string;
  topic: string;
  partition: number;
  offset: number;
  bytes: number;
  /** In milliseconds. */
  at: number;
  /** Its own offset in the dead-letter topic, and whether its value is there. */
  kept: { offset: number; whole: boolean };
  event: EventFacts;
  decided?: Decision & { at: number };
}

/** What this build reads in it, without anything personal. */
export type EventFacts =
  | { kind: "readable"; type: WaitlistEvent["type"]; eventId: string; waitlistId: string; entryId?: string }
  | { kind: "unreadable"; type?: string; eventId?: string; waitlistId?: string; entryId?: string };

const DECISION = "decision";
const WHOLE = /^\d{1,15}$/;

export const letterId = (group: string, partition: number, offset: number): string =>
  `${group}.${partition}.${offset}`;

/** By id; of a letter that was written twice the first counts, and so of decisions. */
export type Letters = Map<string, Letter>;

/** Takes one record of a group's topic; what is neither a letter nor a decision is passed over. */
export function takeRecord(letters: Letters, group: string, record: DeadLetterRecord): void {
  const { headers } = record;
  const { partition = "", offset = "" } = headers;
  if (!WHOLE.test(partition) || !WHOLE.test(offset)) return;
  const id = letterId(group, Number(partition), Number(offset));
  const known = letters.get(id);
  const decision = readDecision(headers);
  if (decision) {
    if (known && !known.decided)
      letters.set(id, { ...known, decided: { ...decision, at: record.timestamp } });
  } else if (!known && headers[DECISION] === undefined) {
    letters.set(id, toLetter(id, group, record));
  }
}

function toLetter(
  id: string,
  group: string,
  { headers, value, timestamp, offset }: DeadLetterRecord,
): Letter {
  const bytes = Number(headers.bytes ?? value?.length ?? 0);
  return {
    ...{ id, group, cause: headers.cause ?? "unknown", topic: headers.topic ?? "" },
    ...{ partition: Number(headers.partition), offset: Number(headers.offset), bytes, at: timestamp },
    kept: { offset, whole: value?.length === bytes },
    event: factsOf(value),
  };
}

/** Of what isn't readable nothing is passed on that isn't known to be an id. */
function factsOf(value: Uint8Array | null): EventFacts {
  const decoded = decodeEvent(value);
  if (decoded.kind !== "event") return { kind: "unreadable" };
  const { type, id: eventId, data } = decoded.event;
  const about = {
    ...{ type, eventId, waitlistId: data.waitlistId },
    ...("entryId" in data ? { entryId: data.entryId } : {}),
  };
  return decoded.unreadable === undefined ? { kind: "readable", ...about } : { kind: "unreadable", ...about };
}

/** The headers of a decision about a letter. */
export function decisionHeaders({ partition, offset }: Letter, decision: Decision): Record<string, string> {
  return {
    ...{ partition: String(partition), offset: String(offset) },
    ...{ [DECISION]: decision.status, by: decision.by },
    ...(decision.reason === undefined ? {} : { reason: decision.reason }),
    ...(decision.offset === undefined ? {} : { "now-at": String(decision.offset) }),
    ...(decision.place === undefined ? {} : { place: decision.place }),
  };
}

function readDecision(headers: Record<string, string>): Decision | null {
  const status = headers[DECISION];
  if (status !== "redriven" && status !== "discarded") return null;
  const { by = "", reason, place } = headers;
  const nowAt = headers["now-at"];
  return {
    ...{ status, by },
    ...(reason === undefined ? {} : { reason }),
    ...(nowAt === undefined ? {} : { offset: Number(nowAt) }),
    ...(place === "end" || place === "kept" ? { place } : {}),
  };
}
