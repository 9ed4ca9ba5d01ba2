import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  DEFINITION_BYTES,
  MailKindName,
  TEST_MAIL_WITHIN_MS,
  TestMailOrder,
  TestMailOutcome,
  WaitlistParams,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { Delivery } from "../domain/verdict.ts";
import type { MailTransport } from "../ports.ts";
import type { ComposeTest } from "../sending/test-letters.ts";

export interface TestMailDeps {
  transport: Pick<MailTransport, "send">;
  compose: ComposeTest;
  /** In milliseconds. */
  clock: () => number;
}

const MailKindParams = Type.Object({ ...WaitlistParams.properties, kind: MailKindName });

/** Sends one mail to an address of an admin's, past the ledger: nobody is to get it twice, or later. */
export async function testMailRoutes(app: FastifyInstance, deps: TestMailDeps): Promise<void> {
  const { transport, compose, clock } = deps;
  app.withTypeProvider<TypeBoxTypeProvider>().post(
    "/internal/waitlists/:waitlistId/mails/:kind/test",
    {
      schema: { params: MailKindParams, body: TestMailOrder, response: { 200: TestMailOutcome } },
      // The definition, and what is asked beside it.
      bodyLimit: 2 * DEFINITION_BYTES,
    },
    async ({ params, body }) => {
      const now = clock();
      const letter = await compose({ ...params, now }, body);
      // Whoever asked has given up by then: nothing is to go out that nobody waits for.
      const isAwaited = async () => clock() - now < TEST_MAIL_WITHIN_MS;
      return { ...outcomeOf(await transport.send(letter, isAwaited)), subject: letter.subject };
    },
  );
}

function outcomeOf(delivery: Delivery): Omit<TestMailOutcome, "subject"> {
  const replyCode = "failure" in delivery ? delivery.failure.replyCode : undefined;
  const said = replyCode === undefined ? {} : { replyCode };
  switch (delivery.kind) {
    case "accepted":
      return { outcome: "accepted" };
    case "refused":
      return { outcome: delivery.permanent ? "refused" : "temporary", ...said };
    case "unanswered":
      return { outcome: "unanswered", ...said };
    default:
      return { outcome: "unreached", ...said };
  }
}
