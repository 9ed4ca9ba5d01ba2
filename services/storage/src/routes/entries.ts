// What the gateway asks of one person's record.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  EntryParams,
  HeldPlace,
  PlaceParams,
  ProblemError,
  referralCodeOf,
  StoredEntry,
  StoredPlaces,
} from "@waitlist/contracts";
import { currentPlace } from "@waitlist/roster";
import type { FastifyInstance } from "fastify";
import type { EntryQueries } from "../adapters/mongo-queries.ts";
import { asOfPlace, type Entry, toHeldPerson, toStoredEntry, toStoredPlaces } from "../domain/views.ts";

export function entryRoutes(
  app: FastifyInstance,
  queries: Pick<EntryQueries, "find" | "ahead" | "referrals">,
): void {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  const find = async (entryId: string): Promise<Entry> => {
    const entry = await queries.find(entryId);
    if (!entry) throw new ProblemError("entry-not-found");
    return entry;
  };

  const withCounts = async (entry: Entry): Promise<StoredEntry> => {
    const code = referralCodeOf(entry.entryId);
    const [ahead, referrals] = await Promise.all([
      queries.ahead(entry.waitlistId, currentPlace(entry).position),
      queries.referrals(entry.waitlistId, [code]),
    ]);
    return toStoredEntry(entry, ahead, referrals.get(code) ?? 0);
  };

  routes.get(
    "/internal/entries/:entryId",
    { schema: { params: EntryParams, response: { 200: StoredEntry } } },
    async ({ params }) => withCounts(await find(params.entryId)),
  );

  routes.get(
    "/internal/entries/:entryId/places",
    { schema: { params: EntryParams, response: { 200: StoredPlaces } } },
    async ({ params }) => toStoredPlaces(await find(params.entryId)),
  );

  routes.get(
    "/internal/entries/:entryId/places/:joinOffset",
    { schema: { params: PlaceParams, response: { 200: HeldPlace } } },
    async ({ params: { entryId, joinOffset } }) => {
      const entry = await find(entryId);
      const asked = asOfPlace(entry, joinOffset);
      if (!asked) throw new ProblemError("entry-not-found");
      // A former place shows nothing of the person: they gave it up, and may have joined again from another mailbox.
      const person = currentPlace(entry).joinOffset === joinOffset ? toHeldPerson(entry) : null;
      return { place: await withCounts(asked), ...(person ? { person } : {}) };
    },
  );
}
