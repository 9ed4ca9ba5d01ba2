import { codeKeyOf, inviteCodeOf, readInviteCode } from "@waitlist/contracts";
import { type Collection, type Db, MongoBulkWriteError } from "mongodb";
import type { CodedInvite } from "../domain/choosing.ts";
import type { Codes } from "../ports.ts";

interface CodeDocument extends CodedInvite {
  _id: string;
}

const DUPLICATE_KEY = 11000;

/** Invites under a keyed hash of their codes: the codes themselves aren't stored here. */
export function createMongoCodes(db: Db, secret: string): Codes {
  const codes: Collection<CodeDocument> = db.collection("codes");
  return {
    keep: async (invites) => {
      if (invites.length === 0) return;
      const documents = invites.map((invite) => ({
        _id: codeKeyOf(secret, inviteCodeOf(secret, invite.inviteId)),
        ...invite,
      }));
      await codes.insertMany(documents, { ordered: false }).catch((error: unknown) => {
        // Those of an earlier attempt are there already, and the same.
        const failures = error instanceof MongoBulkWriteError ? [error.writeErrors].flat() : [];
        if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
      });
    },
    find: async (text) => {
      const found = await codes.findOne({ _id: codeKeyOf(secret, readInviteCode(text) ?? "") });
      if (!found) return null;
      const { _id, ...invite } = found;
      return invite;
    },
  };
}
