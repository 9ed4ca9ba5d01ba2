// The RateLimit headers of draft-ietf-httpapi-ratelimit-headers-11, and what a refused request is told.
import { ProblemError } from "@waitlist/contracts";
import type { Standing } from "./coalescer.ts";

const secondsOf = (ms: number) => Math.max(1, Math.ceil(ms / 1000));

/**
 * The standing to tell of: of those that refuse the one that does for longest, otherwise the one that allows the
 * fewest more. Undefined where there is none.
 */
export const closestToItsEnd = (standings: readonly Standing[]): Standing | undefined =>
  standings.reduce<Standing | undefined>((closest, each) => {
    if (!closest || each.allowed !== closest.allowed) return closest && !closest.allowed ? closest : each;
    const fewer = each.remaining - closest.remaining;
    return fewer < 0 || (fewer === 0 && each.resetMs > closest.resetMs) ? each : closest;
  }, undefined);

/** Structured fields (RFC 9651): quota and window in seconds; what remains of them, and the seconds that it is for. */
export function rateLimitHeaders({ policy: { name, requests, seconds }, remaining, resetMs }: Standing) {
  return {
    "ratelimit-policy": `"${name}";q=${requests};w=${seconds}`,
    ratelimit: `"${name}";r=${remaining};t=${secondsOf(resetMs)}`,
  };
}

const WHOSE: Record<Standing["policy"]["name"], string> = {
  client: "signups from this address",
  network: "signups from this network",
  list: "signups on this waitlist",
  all: "signups",
  reads: "requests from this address",
  attack: "signups on this waitlist",
};

export const rateLimited = ({ policy, resetMs }: Standing): ProblemError =>
  new ProblemError("rate-limited", `There are too many ${WHOSE[policy.name]} right now.`, {
    retryAfter: secondsOf(resetMs),
  });
