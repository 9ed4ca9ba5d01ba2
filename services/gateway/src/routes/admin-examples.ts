// The same list and person, as admins see them and invite them.
export const waitlistId = "socialode";
export const entryId = "wq5jlvv5fwlbvtqzmb3fqsv2gi";

const batch = {
  batchId: "b-k3v5yqe2m7xw4c6ztgba",
  waitlistId,
  status: "completed",
  offset: 2200,
  count: 25,
  eligible: 8210,
  taken: 25,
  allocated: 25,
  shortfall: 0,
  note: "first friends",
  requestedAt: "2026-03-08T08:00:00.000Z",
  requestedBy: "launch",
  expiresAt: "2026-03-15T08:00:00.000Z",
  completedAt: "2026-03-08T08:00:00.450Z",
};

const adminEntry = {
  position: 42,
  email: "ada@example.com",
  entryId,
  waitlistId,
  status: "waiting",
  name: "Ada",
  joinedAt: "2026-03-01T09:30:00.021Z",
  referralCode: entryId.slice(0, 10),
  referrals: 3,
};

export const adminExamples = {
  batchRequest: { count: 25, note: "first friends" },
  namedBatchRequest: { entryIds: [entryId], reason: "Found the bug in the signup form." },
  batchDryRun: {
    count: 25,
    eligible: 17,
    taken: 17,
    shortfall: 8,
    entries: [{ entryId, position: 42, email: "ada@example.com", name: "Ada" }],
  },
  batchAccepted: { batchId: "b-k3v5yqe2m7xw4c6ztgba", status: "requested" },
  batch,
  batchesPage: { items: [batch], next: 2200 },
  entriesPage: { items: [adminEntry], next: 42 },
  explainedEntry: {
    ...adminEntry,
    ...{ status: "invited", invitedAt: batch.completedAt },
    invite: {
      ...{ inviteId: "i-v3q5yqe2m7xw4c6ztgbav3q5", code: "7KQM-X2PD-9HRT" },
      ...{ batchId: batch.batchId, expiresAt: batch.expiresAt },
    },
    history: [
      {
        ...{ type: "WaitlistJoined", at: adminEntry.joinedAt, offset: 1041 },
        cause: "signed up: took place 42",
      },
      {
        ...{ type: "InviteAllocated", at: batch.completedAt, offset: 2221 },
        ...{ cause: `invited by batch ${batch.batchId}, in order`, by: "launch" },
      },
    ],
  },
};
