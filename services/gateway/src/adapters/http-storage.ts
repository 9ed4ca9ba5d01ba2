import {
  type EntriesPage,
  type ExplainedEntry,
  type HeldPlace,
  type Installation,
  type People,
  partitionOf,
  type StoredEntry,
  type StoredPlaces,
  type StoredPosition,
  type StoredWaitlist,
} from "@waitlist/contracts";
import type { InternalClient, Logger } from "@waitlist/runtime";
import type { KnownLog } from "../known-log.ts";
import { InstallationMismatch, type Storage, type Who } from "../ports.ts";
import { queryOf, surely } from "./http-answers.ts";

const placesOf = ({ waitlistId, entryId }: Who) =>
  `/internal/waitlists/${waitlistId}/entries/${entryId}/places`;

/**
 * The storage service over internal HTTP; refuses to work with one whose data was begun otherwise than `ours`. What it
 * says of the log's length goes to `known`.
 */
export function createHttpStorage(
  client: InternalClient,
  ours: Installation,
  { known, log }: { known: Pick<KnownLog, "learn">; log: Logger },
): Storage {
  const ensureFits = (theirs: Installation | null) => {
    if (theirs?.secretFingerprint === ours.secretFingerprint && theirs.partitions === ours.partitions) return;
    log.error(
      { ours, theirs },
      "storage's data was begun with another ENTRY_ID_SECRET or EVENT_PARTITIONS: nothing is accepted. Runbook: docs/runbooks/another-id-secret.md",
    );
    throw new InstallationMismatch();
  };
  const waitlist = async (path: string): Promise<StoredWaitlist | null> => {
    const stored = await client.get<StoredWaitlist>(`/internal/waitlists/${path}`);
    if (!stored) return null;
    ensureFits(stored.installation);
    known.learn(partitionOf(stored.waitlistId, ours.partitions), stored.next);
    return stored;
  };
  return {
    ensureInstallation: async () => ensureFits(await client.get<Installation>("/internal/installation")),
    waitlist: (waitlistId, at) => waitlist(`${waitlistId}${at === undefined ? "" : `?at=${at}`}`),
    defined: (waitlistId, eventId) => waitlist(`${waitlistId}/definitions/${eventId}`),
    entry: (entryId) => client.get<StoredEntry>(`/internal/entries/${entryId}`),
    places: (who) => surely(client.get<StoredPlaces>(placesOf(who))),
    held: (place) => surely(client.get<HeldPlace>(`${placesOf(place)}/${place.joinOffset}`)),
    position: (waitlistId) =>
      surely(client.get<StoredPosition>(`/internal/waitlists/${waitlistId}/position`)),
    entries: (waitlistId, query) =>
      client.get<EntriesPage>(`/internal/waitlists/${waitlistId}/entries${queryOf(query)}`),
    explained: ({ waitlistId, entryId }) =>
      client.get<ExplainedEntry>(`/internal/waitlists/${waitlistId}/entries/${entryId}`),
    people: (waitlistId, entryIds) =>
      surely(client.post<People>(`/internal/waitlists/${waitlistId}/people`, { entryIds })),
  };
}
