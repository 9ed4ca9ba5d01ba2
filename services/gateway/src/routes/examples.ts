// Examples in the OpenAPI document: one list, one person, all the way through.
import { adminExamples, entryId, waitlistId } from "./admin-examples.ts";

const statusToken = "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoic3RhdHVzIn0.c2lnbmF0dXJl";

const confirmationToken =
  "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoiY29uZmlybWF0aW9uIn0.c2lnbmF0dXJl";
const unsubscribeToken =
  "eyJhbGciOiJIUzI1NiIsImtpZCI6ImsxIn0.eyJwdXJwb3NlIjoidW5zdWJzY3JpYmUifQ.c2lnbmF0dXJl";
const statusEventId = "pVzWcu0lrWmZ8sPwp4mJ0Q";

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
  ...adminExamples,
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
  challenge: {
    parameters: {
      algorithm: "PBKDF2/SHA-256",
      cost: 5000,
      data: { waitlistId },
      expiresAt: 1772358000,
      keyLength: 32,
      keyPrefix: "6811f80a8536fd0701fd1d4d9c2d6e6e",
      keySignature: "c497a69ab4038766f7c4e015f18c63a2f0e1d8b9cae672bf53462efc21b89260",
      nonce: "3ddad562dff582cdb1ed84fcf3479411",
      salt: "344eb7138072ae93729db4065d405a12",
    },
    signature: "40e99f92caaef0c280fff406ea2cfc4156e9f1eb54e3de83b7b1edac8d02fe5f",
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
  statusEventId,
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
    place: {
      outcome: "placed",
      ...{ position: 42, joinOffset: 1041, joinedAt: "2026-03-01T09:30:00.021Z" },
      ended: false,
    },
  },
  scheduleRequest: { count: 200, cron: "0 9 * * *", timeZone: "Europe/Berlin", total: 10000 },
  schedule: {
    scheduleId: "daily",
    waitlistId,
    state: "active",
    count: 200,
    cron: "0 9 * * *",
    timeZone: "Europe/Berlin",
    total: 10000,
    asked: 400,
    nextAt: "2026-03-10T08:00:00.000Z",
    lastAt: "2026-03-09T08:00:00.000Z",
    setAt: "2026-03-07T17:20:00.000Z",
    setBy: "launch",
  },
  code: "7KQM-X3RD-9WTA",
  redemption: {
    ...{ entryId, waitlistId, email: "ada@example.com", position: 42 },
    redeemedAt: "2026-03-08T10:12:41.318Z",
  },
  withdrawal: { reason: "sent by mistake" },
  inviteWithdrawal: { inviteId: "i-hcjptftuj55leub22zlty42u", status: "withdrawal-requested" },
  batchWithdrawal: { batchId: "b-k3v5yqe2m7xw4c6ztgba", status: "withdrawal-requested" },
};
