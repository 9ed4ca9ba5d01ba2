// What the gateway asks of one person's record.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  EntryParams,
  ExplainedEntry,
  HeldPlace,
  PersonParams,
  PlaceParams,
  ProblemError,
  partitionOf,
  referralCodeOf,
  StoredEntry,
  StoredPlaces,
} from "@waitlist/contracts";
import { currentPlace } from "@waitlist/roster";
import type { FastifyInstance } from "fastify";
import type { Entry } from "../domain/views.ts";
import { toExplainedEntry, toHeldPlace, toStoredEntry, toStoredPlaces } from "../domain/views.ts";
import type { RecordReads } from "./record-reads.ts";

export function entryRoutes(app: FastifyInstance, reads: RecordReads): void {
  const { queries } = reads;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    "/internal/entries/:entryId",
    { schema: { params: EntryParams, response: { 200: StoredEntry } } },
    async ({ params: { entryId } }) => {
      const entry = await queries.find(entryId);
      if (!entry) throw new ProblemError("entry-not-found");
      const code = referralCodeOf(entryId);
      const [ahead, referrals] = await Promise.all([
        queries.ahead(entry.waitlistId, currentPlace(entry).position),
        queries.referrals(entry.waitlistId, [code]),
      ]);
      return toStoredEntry(entry, ahead, referrals.get(code) ?? 0);
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/entries/:entryId",
    { schema: { params: PersonParams, response: { 200: ExplainedEntry } } },
    async ({ params: { waitlistId, entryId } }) => {
      const entry = await queries.find(entryId);
      if (entry?.waitlistId !== waitlistId || !entry.details) throw new ProblemError("entry-not-found");
      const code = referralCodeOf(entryId);
      const referrals = await queries.referrals(waitlistId, [code]);
      return toExplainedEntry(entry, entry.details, referrals.get(code) ?? 0);
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/entries/:entryId/places",
    { schema: { params: PersonParams, response: { 200: StoredPlaces } } },
    async ({ params: { waitlistId, entryId } }) => {
      const { entry, next } = await findAsOf(reads, waitlistId, entryId);
      return toStoredPlaces(entry, next);
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/entries/:entryId/places/:joinOffset",
    { schema: { params: PlaceParams, response: { 200: HeldPlace } } },
    async ({ params: { waitlistId, entryId, joinOffset } }) => {
      const { entry, next } = await findAsOf(reads, waitlistId, entryId);
      return toHeldPlace(entry, joinOffset, next);
    },
  );
}

/**
 * An entry by its id alone, and up to where its list is stored at least. The cursor is read first: it follows the
 * entries that it stands for.
 */
async function findAsOf(
  { queries, cursors, installation }: RecordReads,
  waitlistId: string,
  entryId: string,
): Promise<{ entry: Entry | null; next: number }> {
  const cursor = await cursors.load(partitionOf(waitlistId, installation.partitions));
  const entry = await queries.find(entryId);
  return { entry: entry?.waitlistId === waitlistId ? entry : null, next: cursor?.next ?? 0 };
}
