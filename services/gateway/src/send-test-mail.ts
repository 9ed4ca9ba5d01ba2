// A test mail, and what the mail server said to it in words for who asked.
import { type MailKind, ProblemError, type TestMailOrder, type TestMailSent } from "@waitlist/contracts";
import type { TestMails } from "./ports.ts";

/** Throws `ProblemError`: `mail-refused` where the server refused it for good, `unavailable` where it may be tried again. */
export async function sendTestMail(
  testMails: TestMails,
  { waitlistId, kind, order }: { waitlistId: string; kind: MailKind; order: TestMailOrder },
): Promise<TestMailSent> {
  const { outcome, subject, replyCode } = await testMails.send(waitlistId, kind, order);
  const code = replyCode === undefined ? "" : ` It answered ${replyCode}.`;
  switch (outcome) {
    case "accepted":
      return { kind, subject, status: "accepted" };
    case "refused":
      throw new ProblemError("mail-refused", `The mail server refused this mail for good.${code}`);
    case "temporary":
      throw later(`The mail server doesn't take this mail right now.${code}`);
    case "unreached":
      throw later(`The mail server can't be reached; nothing was sent.${code}`);
    case "unanswered":
      throw later(`The mail server didn't say whether it took the mail: it may have arrived.${code}`);
  }
}

const later = (detail: string) => new ProblemError("unavailable", detail, { retryAfter: 10 });
