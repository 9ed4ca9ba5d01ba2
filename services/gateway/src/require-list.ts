import { ProblemError, type StoredWaitlist } from "@waitlist/contracts";
import type { Definitions } from "./ports.ts";

/** The list as the gateway judges by it. Throws `ProblemError`: `waitlist-not-found`, or `unavailable` where nobody can say. */
export async function requireList(
  definitions: Pick<Definitions, "get">,
  waitlistId: string,
): Promise<StoredWaitlist> {
  const stored = await definitions.get(waitlistId);
  if (!stored) throw new ProblemError("waitlist-not-found");
  return stored;
}
