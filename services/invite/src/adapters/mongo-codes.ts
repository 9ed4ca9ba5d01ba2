import { codeKeyOf, inviteCodeOf, readInviteCode } from "@waitlist/contracts";
import { type Collection, type Db, MongoBulkWriteError } from "mongodb";
import type { CodedInvite } from "../domain/choosing.ts";
import type { Codes } from "../ports.ts";

interface CodeDocument extends CodedInvite {
  _id: string;
}

const DUPLICATE_KEY = 11000;
/** In order of their keys, which are random: so each call touches few of the database's pages. */
const WRITTEN_TOGETHER = 2000;

/** Invites under a keyed hash of their codes: the codes themselves aren't stored here. */
export function createMongoCodes(db: Db, secret: string): Codes {
  const codes: Collection<CodeDocument> = db.collection("codes");
  return {
    keep: async (invites) => {
      const documents = invites
        .map((invite) => ({ _id: codeKeyOf(secret, inviteCodeOf(secret, invite.inviteId)), ...invite }))
        .sort((one, other) => (one._id < other._id ? -1 : 1));
      for (let at = 0; at < documents.length; at += WRITTEN_TOGETHER) {
        await insertNew(codes, documents.slice(at, at + WRITTEN_TOGETHER));
      }
    },
    find: async (text) => {
      const found = await codes.findOne({ _id: codeKeyOf(secret, readInviteCode(text) ?? "") });
      if (!found) return null;
      const { _id, ...invite } = found;
      return invite;
    },
  };
}

async function insertNew(codes: Collection<CodeDocument>, documents: CodeDocument[]): Promise<void> {
  await codes.insertMany(documents, { ordered: false }).catch((error: unknown) => {
    // Those of an earlier attempt are there already, and the same.
    const failures = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
    if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
  });
}
