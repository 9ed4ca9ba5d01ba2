// Who would be invited, with the names that admins know them by.
import type { BatchDryRun, BatchPreviewRequest, BatchRequest } from "@waitlist/contracts";
import type { InviteBatches, Storage } from "./ports.ts";

export type DryRun = (waitlistId: string, asked: BatchRequest) => Promise<BatchDryRun>;

/** The invite service chooses, storage knows the people: who was forgotten in between has no address. */
export function createDryRun(
  batches: Pick<InviteBatches, "preview">,
  storage: Pick<Storage, "people">,
): DryRun {
  return async (waitlistId, asked) => {
    const whom: BatchPreviewRequest =
      "count" in asked ? { count: asked.count } : { entryIds: asked.entryIds };
    const { entries, ...preview } = await batches.preview(waitlistId, whom);
    const ids = entries.map(({ entryId }) => entryId);
    const { items } = ids.length > 0 ? await storage.people(waitlistId, ids) : { items: [] };
    const people = new Map(items.map((person) => [person.entryId, person]));
    return {
      ...preview,
      entries: entries.map((place) => ({ email: null, ...people.get(place.entryId), ...place })),
    };
  };
}
