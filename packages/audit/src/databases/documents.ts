// The services' documents, as far as the audit looks into them; nothing personal is among it, nor is it asked for.
import type { Service } from "../findings.ts";

export interface ClosingInDocument {
  how: "redeemed" | "expired" | "withdrawn";
  offset: number;
  seenOffset: number;
  requeued?: true;
}

export interface InviteInDocument {
  inviteId: string;
  batchId: string;
  offset: number;
  outOfOrder?: true;
  closed?: ClosingInDocument;
}

export interface PlaceInDocument {
  joinOffset: number;
  eventId: string;
  position: number;
  needsConfirmation: boolean;
  confirmedOffset?: number;
  endOffset?: number;
  invite?: InviteInDocument;
  formerInvites?: InviteInDocument[];
  /** Of invites that aren't known yet. */
  closings?: (ClosingInDocument & { inviteId: string })[];
}

export interface EntryDocument {
  _id: string;
  waitlistId: string;
  places: PlaceInDocument[];
  repeatIds: string[];
  /** Of the newest place, as queries find it. */
  position: number;
  status: string;
}

export interface BatchDocument {
  _id: string;
  waitlistId: string;
  offset: number;
  count: number;
  partSize: number;
  named?: object;
  /** The slot of a schedule that it is. */
  run?: { scheduleId: string; slot: number };
  /** `eligible` is no part of a reclaim's. */
  decision: { taken: number; highest: number; expiresAt: number; eligible?: number } | null;
  progress: { upTo: number; allocated: number };
  withdrawn: { offset: number } | null;
  completed: { offset: number } | null;
}

export interface ChosenInDocument {
  entryId: string;
  joinOffset: number;
  position: number;
  inviteId: string;
}

/** An invite, by a keyed hash of its code. */
export interface CodeInDocument extends ChosenInDocument {
  _id: string;
  waitlistId: string;
  batchId: string;
  expiresAt: number;
}

export interface ScheduleDocument {
  waitlistId: string;
  scheduleId: string;
  /** Of the setting in force. */
  offset: number;
  state: string;
  total?: number;
  asked: number;
  lastSlot: number | null;
  /** Of the last record that has changed any of this: a schedule's document is its last word. */
  lastOffset: number;
}

/** What a list's definitions say about its invites. */
export interface DefinitionDocument {
  offset: number;
  definition: { invites: { lifetimeHours: number; reclaim: boolean } };
}

/** What was recorded when a database was begun. */
export interface InstallationDocument {
  secretFingerprint: string;
  partitions: number;
}

/** The three databases. Every method throws where they can't be reached. */
export interface Databases {
  installation(service: Service): Promise<InstallationDocument | null>;
  /** Every list that any of them knows. */
  lists(): Promise<Set<string>>;
  /** Offset of the next record that the service takes of a partition. */
  cursor(service: Service, partition: number): Promise<number>;
  /** Every entry of a list; one that changes meanwhile may come twice or not at all. */
  entries(service: Service, waitlistId: string): AsyncIterable<EntryDocument>;
  /** The entries with these ids, whatever their list. */
  find(service: Service, entryIds: string[]): Promise<EntryDocument[]>;
  batches(waitlistId: string): AsyncIterable<BatchDocument>;
  /** One part of a batch's chosen places, counted from 0; null where there is none. */
  part(batchId: string, part: number): Promise<ChosenInDocument[] | null>;
  /** The invites that these keys find, in any order. */
  codes(keys: string[]): Promise<CodeInDocument[]>;
  schedules(waitlistId: string): AsyncIterable<ScheduleDocument>;
  /** A list's definition in force before an offset. */
  definitionBefore(waitlistId: string, offset: number): Promise<DefinitionDocument | null>;
  /** Offsets of a list's withdrawn batches, by batchId. */
  withdrawals(waitlistId: string): Promise<Map<string, number>>;
  close(): Promise<void>;
}

/** Every invite that a place has had, the newest last. */
export const invitesIn = ({ invite, formerInvites = [] }: PlaceInDocument): InviteInDocument[] =>
  invite ? [...formerInvites, invite] : formerInvites;
