// What mails showed of addresses that take none, kept with the mail until the log has been told.
import type { Collection } from "mongodb";
import type { Undeliverable } from "../domain/undeliverable.ts";
import type { Undeliverables } from "../ports.ts";
import { type MailDocument, toStored } from "./mongo-mail-document.ts";

export function createUndeliverables(mails: Collection<MailDocument>): Undeliverables {
  return {
    report: async (id, undeliverable) => {
      const { matchedCount } = await mails.updateOne(
        { _id: id, undeliverable: { $exists: false } },
        { $set: { undeliverable, toPropose: true } },
      );
      if (matchedCount === 1) return "noted";
      return (await mails.countDocuments({ _id: id })) === 0 ? "no-such-mail" : "known";
    },
    unproposed: async (limit) => {
      const found = await mails.find({ toPropose: true }).limit(limit).toArray();
      return found.flatMap((document) => withUndeliverable(document));
    },
    proposed: async (ids) => {
      await mails.updateMany({ _id: { $in: ids } }, { $unset: { toPropose: "" } });
    },
  };
}

function withUndeliverable(document: MailDocument) {
  const undeliverable: Undeliverable | undefined = document.undeliverable;
  return undeliverable ? [{ ...toStored(document), undeliverable }] : [];
}
