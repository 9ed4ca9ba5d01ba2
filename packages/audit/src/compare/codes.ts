// The codes of one part of a batch's chosen places: each has to find its invite.
import { codeKeyOf, inviteCodeOf } from "@waitlist/contracts";
import type { ChosenInDocument, CodeInDocument, Databases } from "../databases/documents.ts";
import type { PaperBatch } from "../paper/model.ts";

/** What differs; no code is in it, nor what one is found by. */
export async function codeDifferences(
  { batchId, waitlistId, expiresAt }: PaperBatch,
  chosen: ChosenInDocument[],
  { databases, secret }: { databases: Pick<Databases, "codes">; secret: string },
): Promise<string[]> {
  const keys = chosen.map(({ inviteId }) => codeKeyOf(secret, inviteCodeOf(secret, inviteId)));
  const stored = new Map((await databases.codes(keys)).map((document) => [document._id, document]));
  return chosen.flatMap((place, index) => {
    const found = stored.get(keys[index] ?? "");
    if (!found) return [`the code of position ${place.position} finds nothing`];
    const isSame = same(found, { ...place, batchId, waitlistId, expiresAt });
    return isSame ? [] : [`the code of position ${place.position} finds another invite`];
  });
}

const FIELDS = [
  "entryId",
  "joinOffset",
  "position",
  "inviteId",
  "batchId",
  "waitlistId",
  "expiresAt",
] as const;

const same = (found: CodeInDocument, right: Omit<CodeInDocument, "_id">): boolean =>
  FIELDS.every((field) => found[field] === right[field]);
