// What was mailed to whom, and what wasn't: as the email service's ledger has it.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { MailCountsView, MailsPage, MailsQuery } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Definitions, Mails } from "../ports.ts";
import { requireList } from "../require-list.ts";
import { byAdminKey, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  definitions: Definitions;
  mails: Pick<Mails, "list" | "counts">;
}

const listSchema = {
  tags: ["Mails"],
  summary: "List mails",
  description:
    "The newest first, each with its attempts and the server's codes; `after` is the `next` of the page before. No page " +
    "leaves out what was there when the first one was read.",
  security: byAdminKey,
  params: WaitlistParams,
  querystring: MailsQuery,
  response: {
    200: shown(MailsPage, examples.mailsPage, "One page."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

const countsSchema = {
  tags: ["Mails"],
  summary: "Count mails",
  description: "By kind and status; what there is none of is left out.",
  security: byAdminKey,
  params: WaitlistParams,
  response: {
    200: shown(MailCountsView, examples.mailCounts, "As they are now."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

export function mailRoutes(app: FastifyInstance, { auth, definitions, mails }: Deps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    "/waitlists/:waitlistId/mails",
    { schema: listSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId }, query }) => {
      await requireList(definitions, waitlistId);
      return mails.list(waitlistId, query);
    },
  );

  routes.get(
    "/waitlists/:waitlistId/mail-counts",
    { schema: countsSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId } }) => {
      await requireList(definitions, waitlistId);
      const { counts, undeliverable } = await mails.counts(waitlistId);
      const shownCounts = counts.map(({ kind, state: status, count }) => ({ kind, status, count }));
      return { waitlistId, counts: shownCounts, undeliverable };
    },
  );
}
