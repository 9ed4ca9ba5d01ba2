import { codeKeyOf, inviteCodeOf } from "@waitlist/contracts";
import type { Db } from "mongodb";
import { describe, expect, test } from "vitest";
import type { CodedInvite } from "../domain/choosing.ts";
import { createMongoCodes } from "./mongo-codes.ts";

const SECRET = "a secret of sixteen bytes or more";
const CODE = inviteCodeOf(SECRET, "i-1");
const invite: CodedInvite = {
  ...{ waitlistId: "socialode", batchId: "b-1", expiresAt: 5 },
  ...{ entryId: "a".repeat(26), joinOffset: 1, position: 1, inviteId: "i-1" },
};

/** A collection that notes what it is asked for. */
function codesWith(stored: CodedInvite) {
  const asked: object[] = [];
  const findOne = async (filter: { _id: string }) => {
    asked.push(filter);
    return filter._id === codeKeyOf(SECRET, CODE) ? { _id: filter._id, ...stored } : null;
  };
  // Of the database nothing but this is used to find a code.
  const db = { collection: () => ({ findOne }) } as unknown as Db;
  return { codes: createMongoCodes(db, SECRET), asked };
}

describe("finding a code", () => {
  test.for([CODE, CODE.toLowerCase(), CODE.replaceAll("-", ""), ` ${CODE} `])(
    "takes it as people type it: %s",
    async (text) => {
      expect(await codesWith(invite).codes.find(text)).toEqual(invite);
    },
  );

  test("costs the same for a right code, a wrong one and what can't be one: one look-up by a keyed hash", async () => {
    for (const text of [CODE, inviteCodeOf(SECRET, "i-2"), `${CODE}2`, "0O1I", "", '{"$gt":""}']) {
      const { codes, asked } = codesWith(invite);
      await codes.find(text);
      expect(asked, text).toEqual([{ _id: expect.stringMatching(/^[a-z2-7]{26}$/) }]);
      expect(JSON.stringify(asked)).not.toContain(CODE);
    }
  });
});
