// The ledger in MongoDB. Whatever happens for each mail finds it by `_id`; only the look for what waits scans.
import { createIndexes, insertNew } from "@waitlist/roster";
import type { Collection, Db, Filter } from "mongodb";
import { MAIL_INDEXES, MAILS } from "../database.ts";
import { kindOf } from "../domain/mail.ts";
import { UNDELIVERABLE } from "../domain/undeliverable.ts";
import type { Failure } from "../domain/verdict.ts";
import type { MailLedger, MailReads, Recovered, Resends, Undeliverables } from "../ports.ts";
import {
  type MailDocument,
  NO_CLAIM,
  suppressed,
  toClaimed,
  toDocument,
  tried,
} from "./mongo-mail-document.ts";
import { createMailReads } from "./mongo-mail-reads.ts";
import { createResends } from "./mongo-resends.ts";
import { createTransitions } from "./mongo-transitions.ts";
import { createUndeliverables } from "./mongo-undeliverables.ts";
import { createUpdateInOrder } from "./mongo-updates.ts";

/** The sender ended, or was too slow, while the mail was on its way. */
const LEASE: Failure = { cause: "LEASE" };

/** How many abandoned mails one look takes care of. */
const RECOVER_AT_ONCE = 1000;

export type MongoLedger = MailLedger & MailReads & Resends & Undeliverables;

export async function createMongoLedger(db: Db, clock: () => number): Promise<MongoLedger> {
  const mails: Collection<MailDocument> = db.collection(MAILS);
  await createIndexes(db, MAIL_INDEXES);
  const reads = createMailReads(mails);
  const undeliverables = createUndeliverables(mails);

  /** Both kinds in one look. */
  async function abandoned(): Promise<MailDocument[]> {
    return mails
      .find(
        { state: { $in: ["claimed", "sending"] }, leaseUntil: { $lt: clock() } },
        { projection: { state: 1, kind: 1 } },
      )
      .limit(RECOVER_AT_ONCE)
      .toArray();
  }

  /** Suppresses those that wait or are claimed, as far as `filter` lets it. */
  async function takeBack(ids: string[], filter: Filter<MailDocument>, failure?: Failure) {
    const taken = [];
    for (const [kind, ofKind] of Map.groupBy(ids, kindOf)) {
      const { modifiedCount } = await mails.updateMany(
        { _id: { $in: ofKind }, state: { $in: ["queued", "claimed"] }, ...filter },
        suppressed(failure, clock()),
      );
      taken.push({ kind, count: modifiedCount });
    }
    return taken;
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
            $set: { state: to, settledAt: clock(), failure: LEASE },
            $unset: { leaseUntil: "", begun: "" },
            $push: tried({ at: clock(), outcome: "unanswered", ...LEASE }),
          },
    );
    return modifiedCount === 1 ? { id: _id, kind, state: to } : null;
  }

  return {
    ...createTransitions(mails, createUpdateInOrder(db, MAILS), clock),
    ...createResends(mails, clock),
    ...reads,
    ...undeliverables,
    queue: async (queued) => {
      const documents = queued.map((mail) => toDocument(mail, clock()));
      const refused = await insertNew(mails, documents);
      return documents.flatMap(({ _id }) => (refused.has(_id) ? [] : [_id]));
    },
    cancel: (ids) => takeBack(ids, {}),
    suppressUndeliverable: (ids, offset) => {
      // A mail that no request has queued again counts as queued by an earlier one.
      const isntAskedForSince = { "resent.offset": { $not: { $gt: offset } } };
      return takeBack(ids, isntAskedForSince, { cause: UNDELIVERABLE });
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
  };
}
