// The list's entries, as admins see them.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { EntriesPage, EntriesQuery, ProblemError } from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Storage } from "../ports.ts";
import { byAdminKey, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  storage: Pick<Storage, "entries">;
}

const schema = {
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

export function adminEntryRoutes(app: FastifyInstance, { auth, storage }: Deps): void {
  app
    .withTypeProvider<TypeBoxTypeProvider>()
    .get(
      "/waitlists/:waitlistId/entries",
      { schema, onRequest: auth.require("read") },
      async ({ params, query }) => {
        const page = await storage.entries(params.waitlistId, query);
        if (!page) throw new ProblemError("waitlist-not-found");
        return page;
      },
    );
}
