// What becomes of a mail after an attempt: the rules that keep it from going out twice, or from being lost.

/** Why an attempt failed, without anything that the server said in words: replies often repeat the address. */
export interface Failure {
  /** Ours or nodemailer's name for it, such as ECONNECTION. */
  cause: string;
  /** The SMTP command that it happened at, as far as it is known. */
  command?: string;
  /** The server's reply code (RFC 5321, 4.2). */
  replyCode?: number;
  /** What it is about, as the server said (RFC 3463). */
  enhancedCode?: string;
}

/** What is known after an attempt. */
export type Delivery =
  /** The server took the message. */
  | { kind: "accepted" }
  /** The server answered that it doesn't take this message: for good, or for now. */
  | { kind: "refused"; permanent: boolean; failure: Failure }
  /** Not a byte of the message went out, and the server didn't say why. */
  | { kind: "unreached"; failure: Failure }
  /** The message went out, at least in part, and no answer came. */
  | { kind: "unanswered"; failure: Failure }
  /** The ledger said at the last moment that the mail isn't ours to send. */
  | { kind: "withheld" }
  /** The ledger didn't answer at the last moment, so nothing was sent. */
  | { kind: "unrecorded" };

export type Verdict =
  | { state: "sent" }
  | { state: "failed" | "ambiguous"; attempts: number; failure: Failure }
  | { state: "queued"; attempts: number; delayMs: number; failure?: Failure }
  /** Somebody else has decided already. */
  | { state: "left-alone" };

export interface RetryRules {
  /** Temporary failures after which a mail counts as failed. */
  maxAttempts: number;
  /** The first delay may be up to this, in milliseconds; each later one up to twice the one before. */
  baseMs: number;
}

const MAX_DELAY_MS = 60 * 60 * 1000;

/**
 * Exponential backoff with full jitter: anything from 0 to the bound, so that mails that failed together don't come
 * back together. `attempt` is 1 for the first failure, `random` from [0, 1).
 */
export const retryDelay = (attempt: number, baseMs: number, random: number): number =>
  Math.floor(random * Math.min(MAX_DELAY_MS, baseMs * 2 ** (attempt - 1)));

/** Decides. `isServerThere` matters only where the server was not reached: its outage is not the mail's fault. */
export function judge(
  delivery: Delivery,
  attempts: number,
  { isServerThere, random, rules }: { isServerThere: boolean; random: number; rules: RetryRules },
): Verdict {
  switch (delivery.kind) {
    case "accepted":
      return { state: "sent" };
    case "withheld":
      return { state: "left-alone" };
    case "unrecorded":
      return { state: "queued", attempts, delayMs: 0 };
    case "unanswered":
      return { state: "ambiguous", attempts: attempts + 1, failure: delivery.failure };
    case "unreached":
      if (!isServerThere) return { state: "queued", attempts, delayMs: 0, failure: delivery.failure };
      return again(attempts + 1, delivery.failure, random, rules);
    case "refused":
      if (delivery.permanent) return { state: "failed", attempts: attempts + 1, failure: delivery.failure };
      return again(attempts + 1, delivery.failure, random, rules);
  }
}

function again(attempts: number, failure: Failure, random: number, rules: RetryRules): Verdict {
  if (attempts >= rules.maxAttempts) return { state: "failed", attempts, failure };
  return { state: "queued", attempts, delayMs: retryDelay(attempts, rules.baseMs, random), failure };
}
