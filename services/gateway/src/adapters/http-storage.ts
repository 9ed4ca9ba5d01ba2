import type {
  EntriesPage,
  HeldPlace,
  Installation,
  StoredEntry,
  StoredPlaces,
  StoredWaitlist,
} from "@waitlist/contracts";
import type { InternalClient, Logger } from "@waitlist/runtime";
import { InstallationMismatch, type Storage } from "../ports.ts";

/** The storage service over internal HTTP; refuses to work with one whose data was begun otherwise than `ours`. */
export function createHttpStorage(client: InternalClient, ours: Installation, log: Logger): Storage {
  const ensureFits = (theirs: Installation | null) => {
    if (theirs?.secretFingerprint === ours.secretFingerprint && theirs.partitions === ours.partitions) return;
    log.error(
      { ours, theirs },
      "storage's data was begun with another ENTRY_ID_SECRET or EVENT_PARTITIONS: nothing is accepted",
    );
    throw new InstallationMismatch();
  };
  return {
    ensureInstallation: async () => ensureFits(await client.get<Installation>("/internal/installation")),
    waitlist: async (waitlistId, at) => {
      const query = at === undefined ? "" : `?at=${at}`;
      const stored = await client.get<StoredWaitlist>(`/internal/waitlists/${waitlistId}${query}`);
      if (stored) ensureFits(stored.installation);
      return stored;
    },
    entry: (entryId) => client.get<StoredEntry>(`/internal/entries/${entryId}`),
    places: (entryId) => client.get<StoredPlaces>(`/internal/entries/${entryId}/places`),
    held: (entryId, joinOffset) => client.get<HeldPlace>(`/internal/entries/${entryId}/places/${joinOffset}`),
    entries: (waitlistId, query) => {
      const given = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) given.set(name, String(value));
      return client.get<EntriesPage>(`/internal/waitlists/${waitlistId}/entries?${given}`);
    },
  };
}
