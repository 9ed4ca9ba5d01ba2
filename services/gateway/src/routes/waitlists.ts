// Defining a list, and looking at it.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { Value } from "@sinclair/typebox/value";
import {
  DEFINITION_BYTES,
  ProblemError,
  PublicWaitlist,
  WaitlistDefinition,
  WaitlistView,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { Admission } from "../admission.ts";
import type { Defined, DefineRequest } from "../define-waitlist.ts";
import { etagOf, idempotencyKeyOf } from "../domain/headers.ts";
import { adminView, publicView } from "../domain/waitlist-state.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Clock, Definitions, Storage } from "../ports.ts";
import { byAdminKey, IdempotencyHeaders, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems, writeProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  admission: Pick<Admission, "asksForChallenge">;
  define: (request: DefineRequest) => Promise<Defined>;
  definitions: Definitions;
  storage: Pick<Storage, "waitlist">;
  idempotency: Idempotency;
  clock: Clock;
}

const view = {
  waitlistId: examples.waitlistId,
  definition: Value.Default(WaitlistDefinition, structuredClone(examples.definition)),
  definedAt: "2026-02-20T10:00:00.000Z",
  definedBy: "launch",
};

const putSchema = {
  tags: ["Waitlists"],
  summary: "Create or change a waitlist",
  description:
    "Only `name` is required. Answered when signups can be made by this definition; its `ETag`, sent as `If-Match`, " +
    "keeps a change from undoing another one. Under an `Idempotency-Key` a repeat changes nothing, whatever came since, and " +
    "is answered as it was the first time.",
  security: byAdminKey,
  params: WaitlistParams,
  headers: Type.Object({
    ...IdempotencyHeaders.properties,
    "if-match": Type.Optional(
      Type.String({ description: "The `ETag` of the definition to be changed.", examples: ['"17"'] }),
    ),
  }),
  body: shown(WaitlistDefinition, examples.definition),
  response: {
    200: shown(WaitlistView, view, "Changed."),
    201: shown(WaitlistView, view, "Created."),
    ...writeProblems("unauthorized", "forbidden", "precondition-failed"),
  },
};

const getSchema = {
  tags: ["Waitlists"],
  summary: "See a waitlist",
  description:
    "What a signup form needs; with an admin key of scope `read` the whole definition, with its `ETag`.",
  security: [{}, ...byAdminKey],
  params: WaitlistParams,
  response: {
    200: Type.Union([shown(PublicWaitlist, examples.publicWaitlist), shown(WaitlistView, view)], {
      description: "The public part, or all of it.",
    }),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

export function waitlistRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, admission, define, definitions, storage, idempotency, clock } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.put(
    "/waitlists/:waitlistId",
    { schema: putSchema, onRequest: auth.require("admin"), bodyLimit: DEFINITION_BYTES },
    async ({ params: { waitlistId }, body, headers, adminKey }, reply) => {
      const key = idempotencyKeyOf(headers["idempotency-key"]);
      const request = {
        waitlistId,
        definition: body,
        ...{ ifMatch: headers["if-match"], key },
        definedBy: adminKey?.name ?? "",
      };
      const { stored, created } = await idempotency.once({ scope: `define ${waitlistId}`, key, body }, () =>
        define(request),
      );
      return reply
        .code(created ? 201 : 200)
        .header("etag", etagOf(stored.offset))
        .send(adminView(stored));
    },
  );

  routes.get(
    "/waitlists/:waitlistId",
    { schema: getSchema, onRequest: auth.allow("read") },
    async ({ params: { waitlistId }, adminKey }, reply) => {
      // Admins change what they see here: they get it as it is now.
      const stored = await (adminKey ? storage.waitlist(waitlistId) : definitions.get(waitlistId));
      if (!stored) throw new ProblemError("waitlist-not-found");
      const challengeRequired = admission.asksForChallenge(stored);
      if (!adminKey) return publicView(stored, { now: clock(), challengeRequired });
      reply.header("etag", etagOf(stored.offset));
      return adminView(stored);
    },
  );
}
