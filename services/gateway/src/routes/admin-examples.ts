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
  completedOffset: 2321,
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

const mail = {
  mailId: "invite:i-v3q5yqe2m7xw4c6ztgbav3q5",
  kind: "invite",
  status: "failed",
  entryId,
  email: "ada@example.com",
  position: 42,
  queuedAt: "2026-03-08T08:00:00.460Z",
  attempts: [
    {
      at: "2026-03-08T08:00:01.118Z",
      outcome: "refused",
      ...{ cause: "EENVELOPE", command: "RCPT TO", replyCode: 550, enhancedCode: "5.1.1" },
    },
  ],
  failure: { cause: "EENVELOPE", command: "RCPT TO", replyCode: 550, enhancedCode: "5.1.1" },
  undeliverable: { at: "2026-03-08T08:00:01.118Z", cause: "recipient-refused", status: "5.1.1" },
};

/** RFC 3464, as a mail server words it. */
const deliveryReportMessage = [
  'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
  "",
  "--b",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx.example.com",
  "",
  "Final-Recipient: rfc822; ada@example.com",
  "Action: failed",
  "Status: 5.1.1",
  "",
  "--b",
  "Content-Type: text/rfc822-headers",
  "",
  "Message-ID: <mail.of.the.waitlist@waitlist.example>",
  "",
  "--b--",
  "",
].join("\r\n");

const lag = {
  ...{ group: "email", topic: "waitlist.events", partition: 4 },
  ...{ endOffset: 2322, committedOffset: 2309, lag: 13, oldestAgeMs: 840 },
};

const deadLetter = {
  ...{ deadLetterId: "email.4.1041", status: "open", group: "email", topic: "waitlist.events" },
  ...{ cause: "WaitlistJoined: /data/locale: Expected union value", partition: 4, offset: 1041, bytes: 412 },
  ...{ at: "2026-03-01T09:30:00.104Z", readable: true, eventType: "WaitlistJoined" },
  ...{ eventId: "0f4c6a1e-8a47-4b8a-9a5e-2f1f0c1d7e11", waitlistId, entryId },
};
const redriven = {
  ...{ deadLetterId: deadLetter.deadLetterId, status: "redriven", offset: 2330, place: "kept" },
  note: "No new place: the signup's own is filled, or the person has one by now.",
};
const unreadable = {
  deadLetterId: "storage.7.88",
  detail:
    "This build can't read it either (the value is not a JSON object): deploy one that can, or discard it.",
};
const discard = { reason: "Junk that a load test left." };

export const adminExamples = {
  deliveryReportMessage,
  deadLetter,
  deadLettersPage: { items: [deadLetter], next: `001772357400104.${deadLetter.deadLetterId}` },
  redriven,
  redrivenAll: { redriven: [redriven], refused: [unreadable], open: 1 },
  discard,
  discardedLetter: {
    ...{ ...deadLetter, status: "discarded" },
    settled: { at: "2026-03-01T10:02:11.530Z", by: "on-call", ...discard },
  },
  lag: { at: "2026-03-08T08:00:01.290Z", items: [lag] },
  deliveryReport: { matched: true, action: "failed", status: "5.1.1" },
  batchRequest: { count: 25, note: "first friends" },
  namedBatchRequest: { entryIds: [entryId], reason: "Found the bug in the signup form." },
  batchDryRun: {
    count: 25,
    eligible: 17,
    taken: 17,
    shortfall: 8,
    entries: [{ entryId, position: 42, email: "ada@example.com", name: "Ada" }],
  },
  testMail: { to: "boss@example.com", locale: "de", requeued: true },
  testMailSent: {
    kind: "welcome",
    subject: "[Test] Du bist Nummer 42 auf der Warteliste von Socialode",
    status: "accepted",
  },
  batchAccepted: { batchId: "b-k3v5yqe2m7xw4c6ztgba", status: "requested" },
  batch,
  batchesPage: { items: [batch], next: 2200 },
  mail,
  mailsPage: { items: [mail], next: "001772956800460.invite:i-v3q5yqe2m7xw4c6ztgbav3q5" },
  mailCounts: {
    waitlistId,
    counts: [
      { kind: "welcome", status: "sent", count: 8235 },
      { kind: "invite", status: "sent", count: 24 },
      { kind: "invite", status: "failed", count: 1 },
    ],
    undeliverable: 1,
  },
  resendRequest: { status: "failed", kind: "invite" },
  resendAccepted: { resendId: "m-k3v5yqe2m7xw4c6ztgba", status: "resend-requested" },
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
