// The ledger in MongoDB. Whatever happens for each mail finds it by `_id`; only the look for what waits scans.
import { type Collection, type Db, MongoBulkWriteError } from "mongodb";
import { kindOf, type MailKind, type MailState } from "../domain/mail.ts";
import type { MailLedger, Recovered } from "../ports.ts";
import { type MailDocument, NO_CLAIM, settled, toClaimed, toDocument } from "./mongo-mail-document.ts";

/** How many abandoned mails one look takes care of. */
const RECOVER_AT_ONCE = 1000;

export async function createMongoLedger(db: Db, clock: () => number): Promise<MailLedger> {
  const mails: Collection<MailDocument> = db.collection("mails");
  await mails.createIndex({ state: 1, notBefore: 1 });
  await mails.createIndex({ state: 1, leaseUntil: 1 });
  await mails.createIndex({ waitlistId: 1, kind: 1, state: 1 });

  async function abandoned(state: MailState): Promise<string[]> {
    const found = await mails
      .find({ state, leaseUntil: { $lt: clock() } }, { projection: { _id: 1 } })
      .limit(RECOVER_AT_ONCE)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async function giveUp(id: string, from: MailState, to: Recovered["state"]): Promise<Recovered | null> {
    const guard = { _id: id, state: from, leaseUntil: { $lt: clock() } };
    const { modifiedCount } = await mails.updateOne(
      guard,
      to === "queued"
        ? { $set: { state: to }, $unset: NO_CLAIM }
        : // The claim stays: should its holder be alive after all, it may still say what happened.
          {
            $set: { state: to, settledAt: clock(), failure: { cause: "LEASE" } },
            $unset: { leaseUntil: "" },
          },
    );
    return modifiedCount === 1 ? { id, kind: kindOf(id), state: to } : null;
  }

  return {
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
    begin: async ({ id, claim }, leaseMs) => {
      const { matchedCount } = await mails.updateOne(
        { _id: id, state: "claimed", claim },
        { $set: { state: "sending", leaseUntil: clock() + leaseMs } },
      );
      return matchedCount === 1;
    },
    settle: async ({ id, claim }, settlement) => {
      const states: MailState[] = ["claimed", "sending", "ambiguous"];
      await mails.updateOne({ _id: id, state: { $in: states }, claim }, settled(settlement, clock()));
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
      for (const [from, to] of [
        ["claimed", "queued"],
        ["sending", "ambiguous"],
      ] as const) {
        for (const id of await abandoned(from)) {
          const outcome = await giveUp(id, from, to);
          if (outcome) recovered.push(outcome);
        }
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
