// Examples in the OpenAPI document: one list, one person, all the way through.
const waitlistId = "socialode";
const entryId = "wq5jlvv5fwlbvtqzmb3fqsv2gi";
const statusToken = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoic3RhdHVzIn0.c2lnbmF0dXJl";

const confirmationToken =
  "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoiY29uZmlybWF0aW9uIn0.c2lnbmF0dXJl";
const unsubscribeToken =
  "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoidW5zdWJzY3JpYmUifQ.c2lnbmF0dXJl";

const question = {
  id: "why",
  label: "What would make a connection feel real?",
  type: "text",
  required: false,
};

const definition = {
  name: "Socialode",
  revealPosition: "on-signup",
  brand: { color: "#20c5c5" },
  questions: [question],
  invites: { urlTemplate: "https://app.example/join?code={code}", lifetimeHours: 168 },
};

const accepted = {
  entryId,
  acceptedAt: "2026-03-01T09:30:00.000Z",
  statusToken,
  statusUrl: `https://waitlist.example/v1/entries/${entryId}?token=${statusToken}`,
  receipt: "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoicmVjZWlwdCJ9.c2lnbmF0dXJl",
};

export const examples = {
  waitlistId,
  definition,
  publicWaitlist: {
    waitlistId,
    name: "Socialode",
    brand: { color: "#20c5c5" },
    questions: [question],
    locale: "en",
    state: "open",
    referrals: true,
    doubleOptIn: false,
    revealPosition: "on-signup",
    challengeRequired: false,
  },
  join: {
    email: "ada@example.com",
    name: "Ada",
    locale: "en",
    answers: { why: "Small groups." },
    source: "blog",
  },
  joinAccepted: { ...accepted, status: "accepted" },
  joinPlaced: { ...accepted, status: "waiting", position: 42, ahead: 16 },
  entryAccepted: { waitlistId, entryId, status: "accepted" },
  entryStatus: {
    waitlistId,
    entryId,
    status: "waiting",
    position: 42,
    ahead: 16,
    joinedAt: "2026-03-01T09:30:00.021Z",
    referralCode: entryId.slice(0, 10),
    referrals: 3,
  },
  confirmation: { token: confirmationToken },
  departure: { token: unsubscribeToken },
  unsubscribeToken,
  receipt: {
    entryId,
    eventId: "0f4c6a1e-8a47-4b8a-9a5e-2f1f0c1d7e11",
    waitlistId,
    partition: 4,
    offset: 1041,
    acceptedAt: "2026-03-01T09:30:00.000Z",
    place: { outcome: "placed", position: 42, joinOffset: 1041, ended: false },
  },
  batchRequest: { count: 25, note: "first friends" },
  batchAccepted: { batchId: "b-k3v5yqe2m7xw4c6ztgba", status: "requested" },
  batch: {
    batchId: "b-k3v5yqe2m7xw4c6ztgba",
    waitlistId,
    status: "completed",
    count: 25,
    allocated: 25,
    shortfall: 0,
    note: "first friends",
    requestedAt: "2026-03-08T08:00:00.000Z",
    requestedBy: "launch",
    completedAt: "2026-03-08T08:00:00.450Z",
  },
  entriesPage: {
    items: [
      {
        position: 42,
        email: "ada@example.com",
        entryId,
        waitlistId,
        status: "waiting",
        name: "Ada",
        joinedAt: "2026-03-01T09:30:00.021Z",
        referralCode: entryId.slice(0, 10),
        referrals: 3,
      },
    ],
    next: 42,
  },
};
