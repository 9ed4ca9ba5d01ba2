import { openSpan } from "@waitlist/runtime";
import type { ClaimedMail } from "../domain/mail.ts";
import type { Delivery } from "../domain/verdict.ts";

/** The handing over of a mail, in the trace of what caused the mail, if that was traced. `send` never throws. */
export async function inDeliverySpan(mail: ClaimedMail, send: () => Promise<Delivery>): Promise<Delivery> {
  const span =
    mail.trace === undefined
      ? undefined
      : openSpan("send mail", {
          kind: "client",
          within: { carrier: { traceparent: mail.trace } },
          attributes: { "waitlist.mail.kind": mail.kind, "waitlist.mail.attempts": mail.attempts },
        });
  if (!span) return send();
  const delivery = await span.run(send);
  span.set({ "waitlist.mail.outcome": delivery.kind });
  span.end();
  return delivery;
}
