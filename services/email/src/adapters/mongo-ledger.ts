// The ledger in MongoDB. Whatever happens for each mail finds it by `_id`; only the look for what waits scans.
import { type Collection, type Db, MongoBulkWriteError } from "mongodb";
import { kindOf, type MailKind, type MailState } from "../domain/mail.ts";
import type { MailLedger, Recovered } from "../ports.ts";
import { type MailDocument, NO_CLAIM, toClaimed, toDocument } from "./mongo-mail-document.ts";
import { createTransitions } from "./mongo-transitions.ts";

/** How many abandoned mails one look takes care of. */
const RECOVER_AT_ONCE = 1000;

export async function createMongoLedger(db: Db, clock: () => number): Promise<MailLedger> {
  const mails: Collection<MailDocument> = db.collection("mails");
  await mails.createIndex({ state: 1, notBefore: 1 });
  await mails.createIndex({ state: 1, leaseUntil: 1 });
  await mails.createIndex({ waitlistId: 1, kind: 1, state: 1 });

  /** Both kinds in one look: without secondary indexes each takes a scan. */
  async function abandoned(): Promise<MailDocument[]> {
    return mails
      .find(
        { state: { $in: ["claimed", "sending"] }, leaseUntil: { $lt: clock() } },
        { projection: { state: 1, kind: 1 } },
      )
      .limit(RECOVER_AT_ONCE)
      .toArray();
  }

  async function giveUp({ _id, kind, state }: MailDocument): Promise<Recovered | null> {
    const to = state === "claimed" ? "queued" : "ambiguous";
    const guard = { _id, state, leaseUntil: { $lt: clock() } };
    const { modifiedCount } = await mails.updateOne(
      guard,
      to === "queued"
        ? { $set: { state: to }, $unset: NO_CLAIM }
        : // The claim stays: should its holder be alive after all, it may still say what happened.
          {
            $set: { state: to, settledAt: clock(), failure: { cause: "LEASE" } },
            $unset: { leaseUntil: "", begun: "" },
          },
    );
    return modifiedCount === 1 ? { id: _id, kind, state: to } : null;
  }

  return {
    ...createTransitions(mails, clock),
    queue: async (queued) => {
      const documents = queued.map((mail) => toDocument(mail, clock()));
      const refused = await insertNew(mails, documents);
      return documents.flatMap(({ _id }) => (refused.has(_id) ? [] : [_id]));
    },
    cancel: async (ids) => {
      const cancelled = [];
      for (const [kind, ofKind] of Map.groupBy(ids, kindOf)) {
        const { modifiedCount } = await mails.updateMany(
          { _id: { $in: ofKind }, state: { $in: ["queued", "claimed"] } },
          { $set: { state: "suppressed", settledAt: clock() }, $unset: { ...NO_CLAIM, invite: "" } },
        );
        cancelled.push({ kind, count: modifiedCount });
      }
      return cancelled;
    },
    forget: async (ids) => {
      await mails.updateMany({ _id: { $in: ids } }, { $unset: { invite: "" } });
    },
    claim: async (ids, claim, leaseMs) => {
      const now = clock();
      await mails.updateMany(
        { _id: { $in: ids }, state: "queued", notBefore: { $lte: now } },
        { $set: { state: "claimed", claim, leaseUntil: now + leaseMs } },
      );
      const ours = await mails.find({ _id: { $in: ids }, state: "claimed", claim }).toArray();
      return ours.map((document) => toClaimed(document, claim));
    },
    due: async (limit) => {
      const found = await mails
        .find({ state: "queued", notBefore: { $lte: clock() } }, { projection: { _id: 1 } })
        .sort({ notBefore: 1 })
        .limit(limit)
        .toArray();
      return found.map(({ _id }) => _id);
    },
    recover: async () => {
      const recovered: Recovered[] = [];
      for (const mail of await abandoned()) {
        const outcome = await giveUp(mail);
        if (outcome) recovered.push(outcome);
      }
      return recovered;
    },
    counts: async (waitlistId) => {
      const rows = await mails
        .aggregate<{ _id: { kind: MailKind; state: MailState }; count: number }>([
          { $match: { waitlistId } },
          { $group: { _id: { kind: "$kind", state: "$state" }, count: { $sum: 1 } } },
        ])
        .toArray();
      return rows.map(({ _id: { kind, state }, count }) => ({ kind, state, count }));
    },
  };
}

const DUPLICATE_KEY = 11000;

/** Returns the ids that were there already: they keep what they are. */
async function insertNew(mails: Collection<MailDocument>, documents: MailDocument[]): Promise<Set<string>> {
  try {
    await mails.insertMany(documents, { ordered: false });
    return new Set();
  } catch (error) {
    if (!(error instanceof MongoBulkWriteError)) throw error;
    const failures = [error.writeErrors].flat();
    if (failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    return new Set(failures.map(({ index }) => documents[index]?._id ?? ""));
  }
}
