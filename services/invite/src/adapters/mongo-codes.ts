import { codeKeyOf, readInviteCode } from "@waitlist/contracts";
import { insertNew } from "@waitlist/roster";
import { allAtRest } from "@waitlist/runtime";
import type { Collection, Db } from "mongodb";
import type { CodedInvite } from "../domain/choosing.ts";
import type { Codes } from "../ports.ts";

interface CodeDocument extends CodedInvite {
  _id: string;
}

/** In order of their keys, which are random: so each call touches few of the database's pages. */
const WRITTEN_TOGETHER = 2000;

/** Invites under a keyed hash of their codes: the codes themselves aren't stored here. */
export function createMongoCodes(db: Db, secret: string): Codes {
  const codes: Collection<CodeDocument> = db.collection("codes");
  return {
    keep: async (invites) => {
      const documents = invites
        .map(({ code, ...invite }) => ({ _id: codeKeyOf(secret, code), ...invite }))
        .sort((one, other) => (one._id < other._id ? -1 : 1));
      const write = (at: number) => insertNew(codes, documents.slice(at, at + WRITTEN_TOGETHER));
      // Two at a time: the database never waits for the next.
      for (let at = 0; at < documents.length; at += 2 * WRITTEN_TOGETHER) {
        await allAtRest([write(at), write(at + WRITTEN_TOGETHER)]);
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
