// Reads from a failed call of SES's API what is certain: whether the message can have been taken, and whether trying again helps.
import type { Delivery, Failure } from "./verdict.ts";

/** What the SDK says of a failure. */
export interface SesError {
  /** The API's name for it, or JavaScript's. */
  name?: string | undefined;
  /** Of the answer, where there was one. */
  status?: number | undefined;
  /** Node's name for what happened to the connection, and what it was about to do. */
  code?: string | undefined;
  syscall?: string | undefined;
}

/** About this message: its address or content won't be taken later either. */
const FOR_GOOD = ["MessageRejected", "BadRequestException"];
/** About how much we send. */
const TOO_MUCH = ["TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"];
/** Before there is a connection. */
const CONNECTING = ["connect", "getaddrinfo"];
const NO_CONNECTION = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"];

/**
 * An answer of 4xx says that nothing was sent: about the message, about how much we send, or about our account, which
 * is no mail's fault. After the request was written, anything but an answer leaves it open, and so does a 500: only 503
 * says that the service didn't try.
 */
export function readSesFailure({ name = "Error", status, code, syscall }: SesError): Delivery {
  const failure: Failure = {
    cause: status === undefined ? (code ?? name) : name,
    command: "SendEmail",
    ...(status === undefined ? {} : { replyCode: status }),
  };
  if (status === undefined)
    return { kind: wasSent(name, code, syscall) ? "unanswered" : "unreached", failure };
  if (TOO_MUCH.includes(name) || status === 429 || status === 503)
    return { kind: "refused", permanent: false, failure };
  if (FOR_GOOD.includes(name)) return { kind: "refused", permanent: true, failure };
  if (status >= 400 && status < 500) return { kind: "unreached", failure };
  return { kind: "unanswered", failure };
}

/** Whether a byte of the request may have gone out. The SDK's own limit for connecting has a name, and no code. */
function wasSent(name: string, code: string | undefined, syscall: string | undefined): boolean {
  if (name === "CredentialsProviderError") return false;
  if (name === "TimeoutError" && code === undefined) return false;
  if (syscall !== undefined && CONNECTING.includes(syscall)) return false;
  return !(code !== undefined && (NO_CONNECTION.includes(code) || /CERT|^ERR_TLS/.test(code)));
}
