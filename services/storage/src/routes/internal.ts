// What the gateway asks of the record.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  DefinitionParams,
  EntriesPage,
  EntriesQuery,
  Installation,
  People,
  PeopleRequest,
  ProblemError,
  partitionOf,
  StoredPosition,
  StoredWaitlist,
  WaitlistParams,
  WaitlistQuery,
} from "@waitlist/contracts";
import type { DefinitionInForce } from "@waitlist/roster";
import type { FastifyInstance } from "fastify";
import { referralsOf } from "../adapters/mongo-queries.ts";
import { toAdminEntry, toPeople } from "../domain/views.ts";
import { entryRoutes } from "./entries.ts";
import type { RecordReads } from "./record-reads.ts";

/** A thousand ids are more than other bodies may be. */
const PEOPLE_BODY_BYTES = 64 * 1024;

export async function internalRoutes(app: FastifyInstance, reads: RecordReads): Promise<void> {
  entryRoutes(app, reads);
  const { definitions, queries, cursors, installation } = reads;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  const asStored = async ({ at, ...definition }: DefinitionInForce): Promise<StoredWaitlist> => {
    const { waitlistId } = definition;
    const [count, next] = await Promise.all([countOpen(reads, waitlistId), nextOf(waitlistId)]);
    return { ...definition, definedAt: new Date(at).toISOString(), count, installation, next };
  };
  const nextOf = async (waitlistId: string): Promise<number> =>
    (await cursors.load(partitionOf(waitlistId, installation.partitions)))?.next ?? 0;

  routes.get("/internal/installation", { schema: { response: { 200: Installation } } }, () => installation);

  routes.get(
    "/internal/waitlists/:waitlistId",
    { schema: { params: WaitlistParams, querystring: WaitlistQuery, response: { 200: StoredWaitlist } } },
    async ({ params: { waitlistId }, query }) => {
      const found = await definitions.inForce(waitlistId, query.at);
      if (!found) throw new ProblemError("waitlist-not-found");
      return asStored(found);
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/definitions/:eventId",
    { schema: { params: DefinitionParams, response: { 200: StoredWaitlist } } },
    async ({ params: { waitlistId, eventId } }) => {
      const found = await definitions.ofEvent(waitlistId, eventId);
      if (!found) throw new ProblemError("waitlist-not-found");
      return asStored(found);
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/position",
    { schema: { params: WaitlistParams, response: { 200: StoredPosition } } },
    async ({ params: { waitlistId } }) => ({ next: await nextOf(waitlistId) }),
  );

  routes.get(
    "/internal/waitlists/:waitlistId/entries",
    { schema: { params: WaitlistParams, querystring: EntriesQuery, response: { 200: EntriesPage } } },
    async ({ params: { waitlistId }, query }) => {
      if (!(await definitions.inForce(waitlistId))) throw new ProblemError("waitlist-not-found");
      const { entries, next } = await queries.page(waitlistId, query);
      const referrals = await referralsOf(queries, waitlistId, entries);
      const items = entries.flatMap((entry) =>
        entry.details ? [toAdminEntry(entry, entry.details, referrals.get(entry.entryId) ?? 0)] : [],
      );
      return { items, next };
    },
  );

  routes.post(
    "/internal/waitlists/:waitlistId/people",
    {
      schema: { params: WaitlistParams, body: PeopleRequest, response: { 200: People } },
      bodyLimit: PEOPLE_BODY_BYTES,
    },
    async ({ params: { waitlistId }, body }) => toPeople(await queries.findAll(waitlistId, body.entryIds)),
  );
}

/** From the read model where it is whole, else counted in the record: `capacity` is asked for often. */
async function countOpen(
  { readModel, queries, installation }: RecordReads,
  waitlistId: string,
): Promise<number> {
  return readModel
    .countOpen(waitlistId, partitionOf(waitlistId, installation.partitions))
    .catch(() => queries.countOpen(waitlistId));
}
