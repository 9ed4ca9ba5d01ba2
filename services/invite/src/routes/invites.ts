// What the gateway asks of one invite.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Type } from "@sinclair/typebox";
import { InviteQuery, InviteState, ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { ClosingWaits } from "../closing-waits.ts";
import { toInviteState } from "../domain/views.ts";
import type { Codes, Queue } from "../ports.ts";

export interface InviteReads {
  codes: Pick<Codes, "find">;
  queue: Pick<Queue, "load">;
}

/** As people type it: what can't be a code is one that nobody has. */
const CodeParams = Type.Object({ code: Type.String({ maxLength: 64 }) });

/** No entry's id: what is looked for where a code is nobody's. */
const NOBODY = "";

export async function inviteRoutes(
  app: FastifyInstance,
  { codes, queue, waits }: InviteReads & { waits: Pick<ClosingWaits, "closed"> },
): Promise<void> {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      "/internal/invites/:code",
      { schema: { params: CodeParams, querystring: InviteQuery, response: { 200: InviteState } } },
      async ({ params: { code }, query }) => {
        const invite = await codes.find(code);
        // For a wrong code, too: the time says nothing about which codes there are.
        const entries = await queue.load([invite?.entryId ?? NOBODY]);
        const state = invite && toInviteState(invite, entries.get(invite.entryId));
        if (!state) throw new ProblemError("invite-not-found");
        if (state.state !== "open" || query.wait === 0) return state;
        return (await waits.closed(invite, query.wait)) ?? state;
      },
    );
}
