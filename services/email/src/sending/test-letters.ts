// Letters that an admin sends to look at them: of the list as it is, about nobody.
import { randomUUID } from "node:crypto";
import type { MailKind, TestMailOrder } from "@waitlist/contracts";
import { type Letters, SAMPLE, sampleExpiry, sampleStanding } from "@waitlist/letters";
import type { Tokens } from "@waitlist/tokens";
import { createComposer } from "../domain/letters/compose.ts";
import type { Letter } from "../domain/letters/letter.ts";
import { listFacts } from "../domain/letters/list-facts.ts";
import type { Mail } from "../domain/mail.ts";
import { readMailbox } from "./letter-writer.ts";
import { createMailLinks } from "./mail-links.ts";

export type ComposeTest = (
  about: { waitlistId: string; kind: MailKind; now: number },
  order: TestMailOrder,
) => Promise<Letter>;

/** What every mail has, its links signed for a place that nobody has; its subject says what it is. */
export function createTestLetters({
  tokens,
  config,
  letters,
}: {
  tokens: Pick<Tokens, "sign">;
  config: { PUBLIC_URL: string; MAIL_FROM: string };
  letters: Letters;
}): ComposeTest {
  const compose = createComposer({
    publicUrl: config.PUBLIC_URL,
    defaultFrom: readMailbox(config.MAIL_FROM),
    links: createMailLinks(config.PUBLIC_URL, tokens),
    letters,
  });
  return async ({ waitlistId, kind, now }, { to, locale, standing, requeued, definition, offset }) => {
    const mail = sampleMail(kind, { waitlistId, standing, requeued, now });
    const reader = { name: SAMPLE.name, ...(locale === undefined ? {} : { locale }) };
    const letter = await compose(mail, listFacts(waitlistId, definition, offset), to, reader);
    return { ...letter, subject: `[Test] ${letter.subject}` };
  };
}

/** No entry has this id, since each is made by a hash; `now` in milliseconds. */
const NOBODY = "a".repeat(26);

function sampleMail(
  kind: MailKind,
  about: {
    waitlistId: string;
    standing: TestMailOrder["standing"];
    requeued: boolean | undefined;
    now: number;
  },
): Mail {
  const { waitlistId, now, requeued } = about;
  const standing = sampleStanding(kind, about.standing);
  return {
    // A copy of nothing: each is a mail of its own.
    ...{ id: `test:${randomUUID()}`, kind, waitlistId, entryId: NOBODY, joinOffset: 0 },
    ...{ position: SAMPLE.position, definitionOffset: null, causedAt: now },
    invite: { code: SAMPLE.code, expiresAt: sampleExpiry(now) },
    ...(standing ? { standing } : {}),
    ...(kind === "expired" && requeued ? { requeued } : {}),
  };
}
