// One mail of each kind, and of each way in which an `already` may be meant.
import type { Mail } from "../../src/domain/mail.ts";

/** 2026-03-01: the time of every cause. */
export const CAUSED_AT = Date.parse("2026-03-01T00:00:00Z");

const about = {
  waitlistId: "socialode",
  entryId: "a".repeat(26),
  joinOffset: 41,
  position: 17,
  definitionOffset: 0,
  causedAt: CAUSED_AT,
};
const again = { ...about, id: `already:${about.entryId}:52`, kind: "already" } as const;

export const MAILS = {
  confirmation: { ...about, id: `confirmation:${about.entryId}:41`, kind: "confirmation" },
  welcome: { ...about, id: `welcome:${about.entryId}:41`, kind: "welcome" },
  "already, still pending": { ...again, standing: "pending" },
  "already, waiting": { ...again, standing: "waiting" },
  "already, invited": { ...again, standing: "invited" },
  invite: {
    ...about,
    id: "invite:i-1",
    kind: "invite",
    invite: { code: "ABCD-EFGH-2345", expiresAt: "2026-05-08T17:00:00Z" },
  },
  reminder: {
    ...about,
    id: "reminder:i-1",
    kind: "reminder",
    invite: { code: "ABCD-EFGH-2345", expiresAt: "2026-05-08T17:00:00Z" },
    notBefore: Date.parse("2026-05-07T17:00:00Z"),
  },
  expired: { ...about, id: "expired:i-1", kind: "expired" },
} satisfies Record<string, Mail>;

export type MailName = keyof typeof MAILS;
export const MAIL_NAMES = Object.keys(MAILS) as MailName[];
