import { type EntriesQuery, referralCodeOf } from "@waitlist/contracts";
import { type EntryDocument, fromDocument } from "@waitlist/roster";
import type { Collection, Filter } from "mongodb";
import { REFERRAL_INDEX } from "../database.ts";
import type { Person } from "../domain/person.ts";
import { type Entry, UNCOUNTED } from "../domain/views.ts";

/** What the routes ask of the record. */
export interface EntryQueries {
  find(entryId: string): Promise<Entry | null>;
  /** Those who are known of some entries of a list. */
  findAll(waitlistId: string, entryIds: string[]): Promise<Entry[]>;
  /** How many of a list before `position` may still be invited. */
  ahead(waitlistId: string, position: number): Promise<number>;
  /** How many places each code brought; codes that brought none are left out. */
  referrals(waitlistId: string, codes: string[]): Promise<Map<string, number>>;
  /** Open places, invited ones included. */
  countOpen(waitlistId: string): Promise<number>;
  /** A page in order of position; `next` is where the one after it begins, null at the end. */
  page(waitlistId: string, query: EntriesQuery): Promise<{ entries: Entry[]; next: number | null }>;
  /** Every entry of a list, for rebuilding the read model, in constant memory. */
  stream(waitlistId: string): AsyncIterable<Entry>;
  /** Every list that has an entry. */
  waitlistIds(): Promise<string[]>;
}

const STREAM_BATCH = 500;

export async function createEntryQueries(
  collection: Collection<EntryDocument<Person>>,
): Promise<EntryQueries> {
  await collection.createIndex(REFERRAL_INDEX.keys);
  return {
    find: async (entryId) => {
      const found = await collection.findOne({ _id: entryId });
      return found ? fromDocument(found) : null;
    },
    findAll: async (waitlistId, entryIds) => {
      const found = await collection.find({ _id: { $in: entryIds } }).toArray();
      return found
        .map((document) => fromDocument(document))
        .filter((entry) => entry.waitlistId === waitlistId);
    },
    ahead: (waitlistId, position) =>
      collection.countDocuments({
        waitlistId,
        status: { $in: ["pending", "waiting"] },
        position: { $lt: position },
      }),
    referrals: async (waitlistId, codes) => {
      const rows = await collection
        .aggregate<{ _id: string; count: number }>([
          { $match: { waitlistId, "details.referredBy": { $in: codes }, status: { $nin: [...UNCOUNTED] } } },
          { $group: { _id: "$details.referredBy", count: { $sum: 1 } } },
        ])
        .toArray();
      return new Map(rows.map(({ _id, count }) => [_id, count]));
    },
    countOpen: (waitlistId) => collection.countDocuments({ waitlistId, status: { $ne: "left" } }),
    page: async (waitlistId, query) => {
      const documents = await collection
        .find(pageFilter(waitlistId, query))
        .sort({ position: 1 })
        .limit(query.limit + 1)
        .toArray();
      const entries = documents.slice(0, query.limit).map((document) => fromDocument(document));
      const last = entries.at(-1)?.places.at(-1);
      return { entries, next: documents.length > query.limit && last ? last.position : null };
    },
    stream: async function* (waitlistId) {
      for await (const document of collection.find({ waitlistId }).batchSize(STREAM_BATCH)) {
        yield fromDocument(document);
      }
    },
    waitlistIds: () => collection.distinct("waitlistId"),
  };
}

/** `RegExp.escape` writes other spaces as `\u3000`, which MongoDB's PCRE refuses. */
const literally = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

function pageFilter(waitlistId: string, { status, q, after }: EntriesQuery): Filter<EntryDocument<Person>> {
  // Whoever was erased is nobody's row any more.
  const filter: Filter<EntryDocument<Person>> = { waitlistId, details: { $ne: null } };
  if (status) filter.status = status;
  if (after !== undefined) filter.position = { $gt: after };
  if (q) {
    const part = { $regex: literally(q), $options: "i" };
    filter.$or = [{ "details.email": part }, { "details.name": part }];
  }
  return filter;
}

/** The referral counts of some entries, in one query, by entryId. */
export async function referralsOf(queries: EntryQueries, waitlistId: string, entries: Entry[]) {
  if (entries.length === 0) return new Map<string, number>();
  const byCode = await queries.referrals(
    waitlistId,
    entries.map(({ entryId }) => referralCodeOf(entryId)),
  );
  return new Map(entries.map(({ entryId }) => [entryId, byCode.get(referralCodeOf(entryId)) ?? 0]));
}
