// Reads from a failed attempt what is certain: whether the message can have arrived, and whether trying again may help.
import type { Delivery, Failure } from "./verdict.ts";

/** What nodemailer says of a failure. */
export interface SmtpError {
  code?: string | undefined;
  command?: string | undefined;
  responseCode?: number | undefined;
  /** The server's answer in words. Nothing but its codes is taken from it: servers repeat addresses in theirs. */
  response?: string | undefined;
}

/**
 * `begun`: the first byte of the message was handed over. Before that, nothing can have arrived. After it, only a
 * refusal of the message itself (RFC 5321, 4.2.1: 4yz or 5yz) says that it hasn't; a connection that ends, with or
 * without a last word (421), may have ended after the server took the message, and an answer that makes no sense may
 * stand for a yes.
 */
export function readFailure(
  { code = "UNKNOWN", command, responseCode, response }: SmtpError,
  begun: boolean,
): Delivery {
  const enhancedCode = enhancedCodeIn(response);
  const failure: Failure = {
    cause: code,
    ...(command ? { command } : {}),
    ...(responseCode ? { replyCode: responseCode } : {}),
    ...(enhancedCode ? { enhancedCode } : {}),
  };
  if (begun && !(code === "EMESSAGE" && command === "DATA" && isRefusal(responseCode))) {
    return { kind: "unanswered", failure };
  }
  if (code !== "EMESSAGE" && code !== "EENVELOPE") return { kind: "unreached", failure };
  return { kind: "refused", permanent: isPermanent(command, responseCode), failure };
}

/** RFC 2034, 4: it follows the reply code. */
const enhancedCodeIn = (response = ""): string | undefined =>
  /^[245]\d\d[ -]([245]\.\d{1,3}\.\d{1,3})(?=\s|$)/.exec(response)?.[1];

/** Replies that are about the session and not about the mail: out of order, or not let in (RFC 4954, 6). */
const ABOUT_THE_SESSION = [503, 530, 535, 538];

const isRefusal = (replyCode: number | undefined): boolean =>
  replyCode !== undefined && replyCode >= 400 && replyCode <= 599;

/**
 * RFC 5321, 4.2.1: 5yz is for good. What nodemailer itself refuses (an impossible address) will be refused again; a
 * server's words that are no reply at all say nothing about the mail.
 */
const isPermanent = (command: string | undefined, replyCode: number | undefined): boolean =>
  command === "API"
    ? !replyCode
    : isRefusal(replyCode) && Number(replyCode) >= 500 && !ABOUT_THE_SESSION.includes(Number(replyCode));
