// DKIM (RFC 6376) by nodemailer: which key signs, and what it covers.
import type { SendMailOptions } from "nodemailer";

export interface DkimKey {
  /** In ASCII. */
  domain: string;
  selector: string;
  /** RSA, as PEM. */
  privateKey: string;
}

/**
 * Everything that says who wrote to whom about what, and how to leave: RFC 8058 (4) wants both List-Unsubscribe fields
 * covered, Google the Feedback-ID.
 */
export const SIGNED_FIELDS = [
  ...["From", "Reply-To", "To", "Subject", "Date", "Message-ID"],
  ...["MIME-Version", "Content-Type", "Content-Transfer-Encoding"],
  ...["List-ID", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Feedback-ID"],
];

/** Nodemailer's option for it; `except` names fields that somebody on the way writes anew. */
export const signatureBy = (key: DkimKey, except: string[] = []): NonNullable<SendMailOptions["dkim"]> => ({
  domainName: key.domain,
  keySelector: key.selector,
  privateKey: key.privateKey,
  headerFieldNames: SIGNED_FIELDS.filter((field) => !except.includes(field)).join(":"),
});
