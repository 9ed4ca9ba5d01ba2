// What the services set aside: to look at, to put back on the log, to give up.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  DeadLetter,
  DeadLettersPage,
  DeadLettersQuery,
  DiscardRequest,
  ProblemError,
  Redriven,
  RedrivenAll,
  RedriveRequest,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { discardLetter, type RedriveDeps, redriveAll, redriveLetter, toDeadLetter } from "../acts/redrive.ts";
import { pageOf } from "../domain/dead-letter-pages.ts";
import { idempotencyKeyOf } from "../domain/headers.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import { byAdminKey, DeadLetterParams, IdempotencyHeaders, shown } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems, writeProblems } from "./problem-responses.ts";

interface Deps extends RedriveDeps {
  auth: AdminAuth;
  idempotency: Idempotency;
}

const common = { tags: ["Operations"], security: byAdminKey };
const ofOne = ["unauthorized", "forbidden", "dead-letter-not-found"] as const;

const listSchema = {
  ...common,
  summary: "List dead letters",
  description:
    "Records that a service could not read, or not all of, and set aside; the oldest first, with the cause and what was " +
    "decided. A service sets a record aside for itself: one that none of them can read is here once for each. Their content " +
    "is never shown. Kept as long as the log. Needs the scope `ops`.",
  querystring: DeadLettersQuery,
  response: {
    200: shown(DeadLettersPage, examples.deadLettersPage, "One page."),
    ...readProblems("unauthorized", "forbidden"),
  },
};
const showSchema = {
  ...common,
  summary: "Read a dead letter",
  params: DeadLetterParams,
  response: { 200: shown(DeadLetter, examples.deadLetter, "As it is now."), ...readProblems(...ofOne) },
};
const redriveSchema = {
  ...common,
  summary: "Put a dead letter back on the log",
  description:
    "For when a newer build can read it. A signup that has a place keeps it; one that had none takes the next, at the end, " +
    "and `place` says which. Twice redriven is one event: asking again gives the same answer. It settles the letters of all " +
    "services about the same record.",
  params: DeadLetterParams,
  headers: IdempotencyHeaders,
  body: shown(RedriveRequest, {}),
  response: {
    202: shown(Redriven, examples.redriven, "On the log, now or before."),
    ...writeProblems(...ofOne, "dead-letter-settled", "dead-letter-not-redrivable"),
  },
};
const redriveAllSchema = {
  ...common,
  summary: "Put all dead letters back on the log",
  description: "All that are open and can be read now, in the order of the log; 200 at most in one request.",
  headers: IdempotencyHeaders,
  body: shown(RedriveRequest, {}),
  response: {
    202: shown(RedrivenAll, examples.redrivenAll, "What is on the log, and what stays."),
    ...writeProblems("unauthorized", "forbidden"),
  },
};
const discardSchema = {
  ...common,
  summary: "Discard a dead letter",
  description: "With a reason, which is kept with the name of the key. It can't be redriven any more.",
  params: DeadLetterParams,
  headers: IdempotencyHeaders,
  body: shown(DiscardRequest, examples.discard),
  response: {
    200: shown(DeadLetter, examples.discardedLetter, "Discarded, now or before."),
    ...writeProblems(...ofOne, "dead-letter-settled"),
  },
};

export function deadLetterRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, deadLetters, idempotency } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();
  const onRequest = auth.require("ops");

  routes.get("/ops/dead-letters", { schema: listSchema, onRequest }, async ({ query }) => {
    const { items, next } = pageOf(await deadLetters.all(), query);
    return { items: items.map(toDeadLetter), next };
  });

  routes.get(
    "/ops/dead-letters/:deadLetterId",
    { schema: showSchema, onRequest },
    async ({ params: { deadLetterId } }) => {
      const found = (await deadLetters.all()).find(({ id }) => id === deadLetterId);
      if (!found) throw new ProblemError("dead-letter-not-found");
      return toDeadLetter(found);
    },
  );

  routes.post(
    "/ops/redrive",
    { schema: redriveAllSchema, onRequest },
    async ({ body, headers, adminKey }, reply) => {
      const asked = { scope: "redrive all", key: idempotencyKeyOf(headers["idempotency-key"]), body };
      const answer = await idempotency.once(asked, () => redriveAll(deps, adminKey?.name ?? ""));
      return reply.code(202).send(answer);
    },
  );

  routes.post(
    "/ops/dead-letters/:deadLetterId/redrive",
    { schema: redriveSchema, onRequest },
    async ({ params: { deadLetterId: id }, body, headers, adminKey }, reply) => {
      const asked = { scope: `redrive ${id}`, key: idempotencyKeyOf(headers["idempotency-key"]), body };
      const answer = await idempotency.once(asked, () => redriveLetter(deps, id, adminKey?.name ?? ""));
      return reply.code(202).send(answer);
    },
  );

  routes.post(
    "/ops/dead-letters/:deadLetterId/discard",
    { schema: discardSchema, onRequest },
    async ({ params: { deadLetterId: id }, body, headers, adminKey }) => {
      const asked = { scope: `discard ${id}`, key: idempotencyKeyOf(headers["idempotency-key"]), body };
      const said = { by: adminKey?.name ?? "", reason: body.reason };
      return idempotency.once(asked, () => discardLetter(deps, id, said));
    },
  );
}
