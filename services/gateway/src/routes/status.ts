// What a status token shows.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { EntryAccepted, EntryStatusView, ProblemError } from "@waitlist/contracts";
import type { Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import { acceptedView, seesOnlyAccepted, statusView } from "../domain/status-view.ts";
import { statusTokenOf } from "../http/status-token.ts";
import type { Places } from "../places.ts";
import type { Definitions } from "../ports.ts";
import { shown } from "./docs.ts";
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
    "only `accepted`; an invite is shown only to the token of a mail. A token that doesn't fit is answered like an " +
    "entry that doesn't exist.",
  security: [{ statusToken: [] }, { statusTokenInQuery: [] }],
  // Any text: what is no entry's id is answered like an entry that doesn't exist.
  params: Type.Object({ entryId: shown(Type.String(), examples.entryStatus.entryId) }),
  querystring: Type.Object({
    token: Type.Optional(Type.String({ description: "The token, where no header can be sent." })),
  }),
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
    const found = await places.find(claims.waitlistId, claims.entryId, claims.joinOffset);
    if (found.entry) return statusView(claims, found.entry, list.definition, publicUrl);
    if (found.applied) throw new ProblemError("entry-not-found");
    return acceptedView(claims);
  });
}
