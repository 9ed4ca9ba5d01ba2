// What the holder of a mail's token does: confirm, leave, be forgotten.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { ProblemError, TokenRequest } from "@waitlist/contracts";
import type { TokenPlace, Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import { confirmPlace } from "../acts/confirm.ts";
import type { ActDeps } from "../acts/deps.ts";
import { type EraseDeps, erasePerson } from "../acts/erase.ts";
import { leavePlace } from "../acts/leave.ts";
import { idempotencyKeyOf } from "../domain/headers.ts";
import { confirmationOf, departureOf, mailedOf } from "../domain/mail-tokens.ts";
import { statusTokenOf } from "../http/status-token.ts";
import type { Idempotency } from "../idempotency.ts";
import { byAnybody, byStatusToken, EntryParam, IdempotencyHeaders, shown, TokenQuery } from "./docs.ts";
import { examples } from "./examples.ts";
import { writeProblems } from "./problem-responses.ts";

interface Deps extends ActDeps, EraseDeps {
  tokens: Tokens;
  idempotency: Idempotency;
}

const schemaOf = (summary: string, description: string) => ({
  tags: ["Signup"],
  summary,
  description,
  security: byAnybody,
  params: EntryParam,
  headers: IdempotencyHeaders,
  response: { 204: Type.Null({ description: "Done, now or before." }), ...writeProblems("entry-not-found") },
});

const confirmationSchema = {
  ...schemaOf(
    "Confirm an address",
    "With the token of the mail that asks for it. The place was reserved when the signup was accepted.",
  ),
  body: shown(TokenRequest, examples.confirmation),
};
const departureSchema = {
  ...schemaOf(
    "Leave the list",
    "With a token from a mail: the place is given up, and joining again is a new place at the end.",
  ),
  body: shown(TokenRequest, examples.departure),
};
const erasureSchema = {
  ...schemaOf(
    "Leave and be forgotten",
    "With the status token of a mail. Answered when nothing personal is held any more.",
  ),
  security: byStatusToken,
  querystring: TokenQuery,
};

export function actRoutes(app: FastifyInstance, deps: Deps): void {
  const { tokens, idempotency } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  /** Runs an act once for a key; the outcome is that it is done. */
  const once = (
    act: string,
    entryId: string,
    key: string | undefined,
    body: unknown,
    run: () => Promise<void>,
  ) =>
    idempotency.once({ scope: `${act} ${entryId}`, key, body }, async () => {
      await run();
      return true;
    });
  /** A token that doesn't fit is answered like an entry that doesn't exist. */
  const fitting = (claims: TokenPlace | null, entryId: string): TokenPlace => {
    if (claims?.entryId !== entryId) throw new ProblemError("entry-not-found");
    return claims;
  };

  routes.post(
    "/entries/:entryId/confirmation",
    { schema: confirmationSchema },
    async ({ params: { entryId }, body, headers }, reply) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      const place = fitting(confirmationOf(tokens, body.token), entryId);
      await once("confirm", entryId, key, body, () => confirmPlace(deps, place));
      return reply.code(204).send(null);
    },
  );

  routes.post(
    "/entries/:entryId/departure",
    { schema: departureSchema },
    async ({ params: { entryId }, body, headers }, reply) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      const place = fitting(departureOf(tokens, body.token), entryId);
      await once("leave", entryId, key, body, () => leavePlace(deps, place));
      return reply.code(204).send(null);
    },
  );

  routes.delete("/entries/:entryId", { schema: erasureSchema }, async (request, reply) => {
    const { entryId } = request.params;
    const key = idempotencyKeyOf(request.headers["idempotency-key"]);
    const token = statusTokenOf(request) ?? "";
    const place = fitting(mailedOf(tokens, token), entryId);
    await once("erase", entryId, key, token, () => erasePerson(deps, place));
    return reply.code(204).send(null);
  });
}
