import { ProblemError } from "@waitlist/contracts";

/** For those who wait, as a `catch`: null where a service is away, which may be back before their deadline. */
export function unlessAway(error: unknown): null {
  if (error instanceof ProblemError && error.code === "unavailable") return null;
  throw error;
}
