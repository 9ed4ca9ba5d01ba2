// What the adapters to the services behind share.
import { ProblemError } from "@waitlist/contracts";

/** For what a service answers about anybody: a 404 is that of another service, or of an older one. */
export async function surely<T>(answer: Promise<T | null>): Promise<T> {
  const given = await answer;
  if (given === null) throw new ProblemError("unavailable", undefined, { retryAfter: 2 });
  return given;
}

/** With its question mark; fields that aren't given are left out. */
export function queryOf(query: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  return `?${given}`;
}
