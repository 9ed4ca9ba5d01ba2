// Request headers that carry meaning of their own.
import { ProblemError } from "@waitlist/contracts";

/** Nobody is kept waiting longer, in seconds. */
export const MAX_WAIT_S = 10;

/**
 * The seconds that `Prefer: wait=n` asks for (RFC 7240, 4.3), at most 10; 0 where it asks for none. Of several the
 * first counts (section 2); what isn't understood is ignored, as that RFC demands.
 */
export function preferredWait(prefer: string | string[] | undefined): number {
  if (prefer === undefined) return 0;
  for (const preference of String(prefer).split(",")) {
    const [name = "", value = ""] = preference.split(";", 1)[0]?.split("=") ?? [];
    if (name.trim().toLowerCase() !== "wait") continue;
    const seconds = /^"?(\d{1,9})"?$/.exec(value.trim())?.[1];
    return seconds === undefined ? 0 : Math.min(Number(seconds), MAX_WAIT_S);
  }
  return 0;
}

const VISIBLE = /^[\x21-\x7e]{1,200}$/;

/** The `Idempotency-Key`, undefined where there is none. Throws `ProblemError` `invalid-request`. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === "string" && VISIBLE.test(header)) return header;
  throw new ProblemError("invalid-request", undefined, {
    errors: [
      {
        path: "/headers/idempotency-key",
        message: "must be 1 to 200 visible ASCII characters without spaces",
      },
    ],
  });
}

/** The `ETag` of a definition at this offset. */
export const etagOf = (offset: number): string => `"${offset}"`;

/**
 * What `If-Match` (RFC 9110, 13.1.1) says to a change of what has this ETag, null where there is nothing yet: it is
 * `refused`, allowed whatever is there (`any`), or only while it has this very ETag (`this`). Weak tags never match.
 */
export function judgeIfMatch(ifMatch: string | undefined, etag: string | null): "refused" | "any" | "this" {
  if (ifMatch === undefined) return "any";
  if (etag === null) return "refused";
  const tags = ifMatch.split(",").map((tag) => tag.trim());
  if (tags.includes("*")) return "any";
  return tags.includes(etag) ? "this" : "refused";
}

/** The credentials of `Authorization: Bearer …` (RFC 6750), undefined where there are none. */
export const bearerOf = (authorization: string | undefined): string | undefined =>
  /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? "")?.[1];
