// What a status token shows.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { EntryAccepted, EntryStatusView, ProblemError } from "@waitlist/contracts";
import type { Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import { acceptedView, seesOnlyAccepted, statusView } from "../domain/status-view.ts";
import { statusTokenOf } from "../http/status-token.ts";
import type { Places } from "../places.ts";
import type { Definitions } from "../ports.ts";
import { byStatusToken, EntryParam, shown, TokenQuery } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  definitions: Definitions;
  places: Places;
  tokens: Tokens;
  publicUrl: string;
}

const schema = {
  tags: ["Signup"],
  summary: "See a place",
  description:
    "With the token of a signup or of a mail. On a list with `revealPosition: by-email` the token of a signup sees " +
    "only `accepted`. Only the token of a mail shows an invite, and all that is held about the person (while storage " +
    "answers); it shows the place that it was sent for, and no later one. A token that doesn't fit is answered like " +
    "an entry that doesn't exist.",
  security: byStatusToken,
  params: EntryParam,
  querystring: TokenQuery,
  response: {
    200: Type.Union(
      [shown(EntryStatusView, examples.entryStatus), shown(EntryAccepted, examples.entryAccepted)],
      { description: "The place, or that the signup is accepted." },
    ),
    ...readProblems("entry-not-found"),
  },
};

export function statusRoutes(app: FastifyInstance, { definitions, places, tokens, publicUrl }: Deps): void {
  app.withTypeProvider<TypeBoxTypeProvider>().get("/entries/:entryId", { schema }, async (request) => {
    const token = statusTokenOf(request);
    const claims = token === undefined ? null : tokens.verify(token, "status");
    if (claims?.entryId !== request.params.entryId) throw new ProblemError("entry-not-found");
    const list = await definitions.get(claims.waitlistId);
    if (!list) throw new ProblemError("entry-not-found");
    if (seesOnlyAccepted(claims, list.definition)) return acceptedView(claims);
    const found =
      claims.kind === "mailed"
        ? await places.held(claims)
        : await places.find(claims.waitlistId, claims.entryId, claims.joinOffset);
    if (found.entry) return statusView(claims, found.entry, list.definition, publicUrl, found.person);
    if (found.applied) throw new ProblemError("entry-not-found");
    return acceptedView(claims);
  });
}
