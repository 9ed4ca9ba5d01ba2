// Reads from a failed attempt what is certain: whether the message can have arrived, and whether trying again may help.
import type { Delivery, Failure } from "./verdict.ts";

/** What nodemailer says of a failure. */
export interface SmtpError {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
}

/**
 * `begun`: the first byte of the message was handed over. Before that, nothing can have arrived. After it, only a
 * reply to the message itself says that it hasn't; a connection that ends, with or without a last word (421), may
 * have ended after the server took the message.
 */
export function readFailure(
  { code = "UNKNOWN", command, responseCode }: SmtpError,
  begun: boolean,
): Delivery {
  const failure: Failure = {
    cause: code,
    ...(command ? { command } : {}),
    ...(responseCode ? { replyCode: responseCode } : {}),
  };
  if (begun && !(code === "EMESSAGE" && command === "DATA")) return { kind: "unanswered", failure };
  if (code !== "EMESSAGE" && code !== "EENVELOPE") return { kind: "unreached", failure };
  // What nodemailer itself refuses (an impossible address) has no reply code, and will be refused again.
  return { kind: "refused", permanent: !responseCode || isPermanent(responseCode), failure };
}

/** Replies that are about the session and not about the mail: out of order, or not let in (RFC 4954, 6). */
const ABOUT_THE_SESSION = [503, 530, 535, 538];

/** RFC 5321, 4.2.1: 5yz is for good. */
const isPermanent = (replyCode: number): boolean =>
  replyCode >= 500 && replyCode <= 599 && !ABOUT_THE_SESSION.includes(replyCode);
