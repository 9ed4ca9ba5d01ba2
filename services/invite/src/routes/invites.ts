// What the gateway asks of one invite.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Type } from "@sinclair/typebox";
import { InviteState, ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { toInviteState } from "../domain/views.ts";
import type { Codes, Queue } from "../ports.ts";

export interface InviteReads {
  codes: Pick<Codes, "find">;
  queue: Pick<Queue, "load">;
}

/** As people type it: what can't be a code is one that nobody has. */
const CodeParams = Type.Object({ code: Type.String({ maxLength: 64 }) });

export async function inviteRoutes(app: FastifyInstance, { codes, queue }: InviteReads): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      "/internal/invites/:code",
      { schema: { params: CodeParams, response: { 200: InviteState } } },
      async ({ params: { code } }) => {
        const invite = await codes.find(code);
        const entries = invite ? await queue.load([invite.entryId]) : new Map();
        const state = invite && toInviteState(invite, entries.get(invite.entryId));
        if (!state) throw new ProblemError("invite-not-found");
        return state;
      },
    );
}
