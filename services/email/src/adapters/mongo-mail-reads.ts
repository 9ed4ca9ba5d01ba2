// What is asked of the ledger by admins and for reports.
import type { MailsQuery } from "@waitlist/contracts";
import type { Collection, Filter } from "mongodb";
import { MAIL_KINDS, MAIL_STATES, type MailKind, type MailState, messageKeyIn } from "../domain/mail.ts";
import type { MailReads } from "../ports.ts";
import { type MailDocument, toStored } from "./mongo-mail-document.ts";

export function createMailReads(mails: Collection<MailDocument>): MailReads {
  return {
    find: async (waitlistId, id) => {
      const found = await mails.findOne({ _id: id, waitlistId });
      return found && toStored(found);
    },
    findByMessageId: async (messageId) => {
      const messageKey = messageKeyIn(messageId);
      const found = messageKey && (await mails.findOne({ messageKey }));
      return found ? toStored(found) : null;
    },
    list: async (waitlistId, query) => {
      const documents = await mails
        .find(pageFilter(waitlistId, query))
        .sort({ order: -1 })
        .limit(query.limit + 1)
        .toArray();
      const page = documents.slice(0, query.limit);
      const isMore = documents.length > query.limit;
      return { mails: page.map(toStored), next: isMore ? (page.at(-1)?.order ?? null) : null };
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
    countUndeliverable: (waitlistId) => mails.countDocuments({ "undeliverable.at": { $gte: 0 }, waitlistId }),
  };
}

function pageFilter(waitlistId: string, { status, kind, entryId, after }: MailsQuery): Filter<MailDocument> {
  const from = after === undefined ? {} : { order: { $lt: after } };
  if (entryId === undefined) {
    const all = { kind: { $in: [...MAIL_KINDS] }, state: { $in: [...MAIL_STATES] } };
    return { waitlistId, ...all, ...(kind ? { kind } : {}), ...(status ? { state: status } : {}), ...from };
  }
  return { waitlistId, entryId, ...(kind ? { kind } : {}), ...(status ? { state: status } : {}), ...from };
}
