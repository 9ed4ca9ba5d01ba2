// The list's entries, as admins see them.
import { Type, type TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { EntriesPage, EntriesQuery, EntryId, ExplainedEntry, ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Definitions, Storage } from "../ports.ts";
import { requireList } from "../require-list.ts";
import { byAdminKey, EntryParam, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  definitions: Definitions;
  storage: Pick<Storage, "entries" | "explained">;
}

const listSchema = {
  tags: ["Entries"],
  summary: "List entries",
  description:
    "In order of position. `q` finds by part of an email or name; `after` is the `next` of the page before.",
  security: byAdminKey,
  params: WaitlistParams,
  querystring: EntriesQuery,
  response: {
    200: shown(EntriesPage, examples.entriesPage, "One page."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

const getSchema = {
  tags: ["Entries"],
  summary: "See an entry and its history",
  description:
    "Everything that touched it: when, where on the log, what it did and why, and who asked for it.",
  security: byAdminKey,
  params: Type.Composite([WaitlistParams, EntryParam]),
  response: {
    200: shown(ExplainedEntry, examples.explainedEntry, "The entry as it is now."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found", "entry-not-found"),
  },
};

const ENTRY_ID = new RegExp(String(EntryId.pattern));

export function adminEntryRoutes(app: FastifyInstance, { auth, definitions, storage }: Deps): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    "/waitlists/:waitlistId/entries",
    { schema: listSchema, onRequest: auth.require("read") },
    async ({ params, query }) => {
      const page = await storage.entries(params.waitlistId, query);
      if (!page) throw new ProblemError("waitlist-not-found");
      return page;
    },
  );

  routes.get(
    "/waitlists/:waitlistId/entries/:entryId",
    { schema: getSchema, onRequest: auth.require("read") },
    async ({ params }) => {
      await requireList(definitions, params.waitlistId);
      const entry = ENTRY_ID.test(params.entryId) ? await storage.explained(params) : null;
      if (!entry) throw new ProblemError("entry-not-found");
      return entry;
    },
  );
}
