// Addresses that take no mail: when a server's refusal says so, and the fact that is proposed then.
import { createHash } from "node:crypto";
import { createEvent, type DataOf, type EventOf } from "@waitlist/contracts";
import type { Mail } from "./mail.ts";
import type { Failure } from "./verdict.ts";

/** What showed that a mail's address takes none; `at` in milliseconds, `status` as RFC 3463 has it. */
export type Undeliverable = { at: number } & Pick<
  DataOf<"EntryUndeliverable">,
  "cause" | "replyCode" | "status" | "source" | "reportedBy"
>;

/** Why a mail was suppressed whose address takes none: it is the one reason that an admin can overrule. */
export const UNDELIVERABLE = "UNDELIVERABLE";

/** Who says it, in events of this service. */
const SOURCE = "/services/email";

/** RFC 5321, 4.2.3: no such mailbox, not here, full, not allowed as a name, or nothing of the kind (RFC 7504). */
const ABOUT_A_RECIPIENT = [550, 551, 552, 553, 554, 556];
/** The same after the message: 552 and 554 are about that, by then. */
const ABOUT_A_MAILBOX = [550, 551, 553];

/** RFC 3463: subjects 1 and 2 are the address and its mailbox, but for the sender's address and the message's size. */
const THE_ADDRESS = /^5\.[12]\.\d+$/;
const ABOUT_US = ["5.1.7", "5.1.8", "5.1.9", "5.2.3"];

/**
 * Whether an enhanced status code (RFC 3463) says for good that an address takes no mail, wherever it was said: by the server that
 * we gave the mail to, or in a report by a later one. The network's and the server's troubles (5.3.x, 5.4.x), the protocol, the
 * content and policy (5.5.x to 5.7.x), and what isn't said at all (5.0.0) may be others with the next mail.
 */
export const isAboutTheAddress = (status: string): boolean =>
  THE_ADDRESS.test(status) && !ABOUT_US.includes(status);

/**
 * What a final refusal says of the address, or null where it says nothing: it was about the session, the sender, or the
 * message, and another mail may well be taken. A server's enhanced code counts for more than its reply code, which many
 * use for everything.
 */
export function undeliverableBy(
  { command, replyCode = 0, enhancedCode }: Failure,
  at: number,
): Undeliverable | null {
  const isRecipient = command === "RCPT TO";
  if (!isRecipient && command !== "DATA") return null;
  if (replyCode < 500 || replyCode > 599) return null;
  const isAbout = enhancedCode
    ? isAboutTheAddress(enhancedCode)
    : (isRecipient ? ABOUT_A_RECIPIENT : ABOUT_A_MAILBOX).includes(replyCode);
  if (!isAbout) return null;
  return {
    at,
    cause: isRecipient ? "recipient-refused" : "message-refused",
    replyCode,
    ...(enhancedCode ? { status: enhancedCode } : {}),
    source: "smtp",
  };
}

/** The proposal for the log: of one mail always under the same id, so that nobody can tell how often it was made. */
export function undeliverableFact(
  { id: mailId, waitlistId, entryId, joinOffset }: Pick<Mail, "id" | "waitlistId" | "entryId" | "joinOffset">,
  { at, ...said }: Undeliverable,
): EventOf<"EntryUndeliverable"> {
  const id = createHash("sha256").update(`EntryUndeliverable\n${mailId}`).digest("base64url");
  const data = { waitlistId, entryId, joinOffset, mailId, ...said };
  return createEvent("EntryUndeliverable", data, { source: SOURCE, at, id });
}
