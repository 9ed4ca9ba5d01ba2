import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { MailCounts, WaitlistParams } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { MailLedger } from "../ports.ts";

/** What the gateway asks about mails. A list without any has no counts. */
export async function internalRoutes(
  app: FastifyInstance,
  { ledger }: { ledger: Pick<MailLedger, "counts"> },
): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      "/internal/waitlists/:waitlistId/mail-counts",
      { schema: { params: WaitlistParams, response: { 200: MailCounts } } },
      async ({ params: { waitlistId } }) => ({ waitlistId, counts: await ledger.counts(waitlistId) }),
    );
}
