// The promise about mails, as a check over the ledger's documents and a server's inbox.

import type { MailDocument } from "../../src/adapters/mongo-mail-document.ts";
import { messageIdOf } from "../../src/domain/mail.ts";

/** How often a mail may have arrived in each state. */
const ARRIVALS: Record<MailDocument["state"], [least: number, most: number]> = {
  queued: [0, 0],
  claimed: [0, 0],
  sending: [0, 1],
  sent: [1, 1],
  failed: [0, 0],
  ambiguous: [0, 1],
  suppressed: [0, 0],
};

/**
 * What breaks the promise, in words: a copy too many or too few for what is recorded, a failure without its reason, a
 * message that the ledger knows nothing of. None: the promise is kept.
 */
export function brokenPromises(mails: MailDocument[], sources: string[], host: string): string[] {
  const arrived = Map.groupBy(sources, (source) => /^Message-ID: (\S+)/im.exec(source)?.[1] ?? "none");
  const known = new Set(mails.map(({ _id }) => messageIdOf(_id, host)));
  return [
    ...mails.flatMap((mail) => {
      const copies = arrived.get(messageIdOf(mail._id, host))?.length ?? 0;
      const [least, most] = ARRIVALS[mail.state];
      const needsReason = mail.state === "failed" || mail.state === "ambiguous";
      return [
        ...(copies < least || copies > most
          ? [`${mail._id} is ${mail.state} and arrived ${copies} times`]
          : []),
        ...(needsReason && !mail.failure ? [`${mail._id} is ${mail.state} for no reason`] : []),
      ];
    }),
    ...[...arrived.keys()].filter((id) => !known.has(id)).map((id) => `${id} is nobody's`),
  ];
}
