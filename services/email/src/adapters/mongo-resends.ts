// Queues mails again that an admin asked for: each by compare-and-set, and once for a request.
import type { Collection, Filter } from "mongodb";
import { UNDELIVERABLE } from "../domain/undeliverable.ts";
import type { Resends } from "../ports.ts";
import { type MailDocument, NO_CLAIM, toStored } from "./mongo-mail-document.ts";

/** Mails that are looked at together. */
const AT_ONCE = 500;

/** What can be sent again where it is asked for by name. */
const RESENDABLE: Filter<MailDocument> = {
  $or: [{ state: { $in: ["failed", "ambiguous"] } }, { state: "suppressed", "failure.cause": UNDELIVERABLE }],
};

export function createResends(mails: Collection<MailDocument>, clock: () => number): Resends {
  return {
    resendable: async function* (waitlistId, wanted) {
      const filter: Filter<MailDocument> =
        "mailIds" in wanted
          ? { _id: { $in: wanted.mailIds }, waitlistId, ...RESENDABLE }
          : {
              waitlistId,
              ...(wanted.selection.kind ? { kind: wanted.selection.kind } : {}),
              state: wanted.selection.status,
            };
      let some: MailDocument[] = [];
      for await (const document of mails.find(filter).batchSize(AT_ONCE)) {
        some.push(document);
        if (some.length < AT_ONCE) continue;
        yield some.map(toStored);
        some = [];
      }
      yield some.map(toStored);
    },
    resend: async (ids, resent, status) => {
      const { offset, resendId } = resent;
      await mails.updateMany(
        {
          _id: { $in: ids },
          ...(status ? { state: status } : RESENDABLE),
          // A mail that no request has queued again counts as queued by an earlier one.
          "resent.offset": { $not: { $gte: offset } },
          "resent.resendId": { $ne: resendId },
        },
        {
          $set: { state: "queued", attempts: 0, notBefore: clock(), resent },
          $unset: { ...NO_CLAIM, settledAt: "" },
        },
      );
      const queued = await mails
        .find({ _id: { $in: ids }, "resent.offset": offset, state: "queued" }, { projection: { _id: 1 } })
        .toArray();
      return queued.map(({ _id }) => _id);
    },
  };
}
