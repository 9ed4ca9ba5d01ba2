// One person and one place, all the way through: for previews, tests and pictures.
import type { MailKind } from "@waitlist/contracts";
import type { LetterFacts } from "./letters.ts";

const HOUR_MS = 60 * 60 * 1000;

export const SAMPLE = { position: 42, name: "Ada", code: "7KQM-X3RD-9WTA" };

/** When the sample's invite expires: a week after the hour that `now` (milliseconds) is in; RFC 3339. */
export const sampleExpiry = (now: number): string =>
  new Date(Math.floor(now / HOUR_MS) * HOUR_MS + 7 * 24 * HOUR_MS).toISOString();

/** How the sample's place stands, for a mail of this kind. */
export const sampleStanding = (kind: MailKind, asked: LetterFacts["standing"]): LetterFacts["standing"] =>
  kind === "already" ? (asked ?? "waiting") : undefined;

/** What a mail of this kind could say; `now` in milliseconds. */
export const sampleFacts = (
  kind: MailKind,
  {
    now,
    standing,
    ...more
  }: Pick<LetterFacts, "locale" | "standing" | "requeued" | "urls"> & { now: number },
): LetterFacts => ({
  ...{ kind, ...SAMPLE, expiresAt: sampleExpiry(now) },
  standing: sampleStanding(kind, standing),
  ...more,
});
