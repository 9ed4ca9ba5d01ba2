// One click in a mail program (RFC 8058): no cookie, no session, nothing but the address that the mail gave.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { ProblemError } from "@waitlist/contracts";
import { leaveUrlOf, type Tokens } from "@waitlist/tokens";
import type { FastifyInstance } from "fastify";
import type { ActDeps } from "../acts/deps.ts";
import { leavePlace } from "../acts/leave.ts";
import { departureOf } from "../domain/mail-tokens.ts";
import { byAnybody, shown, UnusedIdempotencyHeaders } from "./docs.ts";
import { examples } from "./examples.ts";
import { freeFormProblems, readProblems } from "./problem-responses.ts";

interface Deps extends ActDeps {
  tokens: Tokens;
  publicUrl: string;
}

const params = Type.Object({ token: shown(Type.String(), examples.unsubscribeToken) });

const postSchema = {
  tags: ["Signup"],
  summary: "Unsubscribe with one click",
  description:
    "What `List-Unsubscribe` of every mail names, with `List-Unsubscribe-Post: List-Unsubscribe=One-Click` (RFC 8058). " +
    "Means departure. The body is a form, and isn't looked at. Again does nothing more, with any " +
    "`Idempotency-Key` or without: none is kept, and so none is refused.",
  consumes: ["application/x-www-form-urlencoded", "multipart/form-data"],
  security: byAnybody,
  params,
  headers: UnusedIdempotencyHeaders,
  response: {
    204: Type.Null({ description: "Left, now or before." }),
    ...freeFormProblems("entry-not-found"),
  },
};

const getSchema = {
  tags: ["Signup"],
  summary: "Where the unsubscribe address leads people",
  description: "To a page with a button. Looking at it changes nothing.",
  security: byAnybody,
  params,
  response: {
    303: Type.Null({ description: "To the page." }),
    ...readProblems("entry-not-found"),
  },
};

/** Largest form of a mail program, in bytes: it holds one short field. */
const FORM_LIMIT = 4096;

export async function unsubscribeRoutes(app: FastifyInstance, deps: Deps): Promise<void> {
  const { tokens, publicUrl } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  // RFC 8058, 3.1: either form; what it says is in the address already.
  app.removeAllContentTypeParsers();
  for (const type of ["application/x-www-form-urlencoded", /^multipart\/form-data/]) {
    app.addContentTypeParser(type, { parseAs: "buffer", bodyLimit: FORM_LIMIT }, async () => undefined);
  }

  // Mail providers press it for many people from few addresses: whoever has a token may always leave.
  const config = { limit: "none" } as const;
  // No Idempotency-Key is kept: leaving again does nothing more, and Redis would be anybody's to fill.
  routes.post("/unsubscribe/:token", { schema: postSchema, config }, async ({ params }, reply) => {
    const place = departureOf(tokens, params.token);
    if (!place) throw new ProblemError("entry-not-found");
    await leavePlace(deps, place);
    return reply.code(204).send(null);
  });

  routes.get("/unsubscribe/:token", { schema: getSchema }, async ({ params: { token } }, reply) => {
    if (!departureOf(tokens, token)) throw new ProblemError("entry-not-found");
    return reply.code(303).header("location", leaveUrlOf(publicUrl, token)).send(null);
  });
}
