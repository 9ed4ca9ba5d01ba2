// How admin keys are written down: only as hashes, one a line.
import { createHash, randomBytes } from "node:crypto";

/** What a key may do: look; change; operate; redeem invites. */
export const SCOPES = ["read", "admin", "ops", "redeem"] as const;
export type Scope = (typeof SCOPES)[number];

/** A key's name stands beside every change that it makes. */
export const ADMIN_KEY_NAME = /^[A-Za-z0-9._@-]{1,100}$/;

export const isScope = (text: string): text is Scope => SCOPES.some((scope) => scope === text);

/** SHA-256: a key is 192 random bits, so that nothing slower is needed to keep it from being guessed. */
export const hashAdminKey = (key: string): Buffer => createHash("sha256").update(key).digest();

/**
 * A new key, and the line of `ADMIN_KEYS` by which the gateway knows it (`name:scopes:sha256`). The key itself is
 * kept by nobody but whoever is given it. `prefix` tells people, and scanners for leaked secrets, what it is.
 */
export function mintAdminKey(
  name: string,
  scopes: readonly Scope[],
  prefix = "wl",
): { key: string; line: string } {
  const key = `${prefix}_${randomBytes(24).toString("base64url")}`;
  return { key, line: `${name}:${scopes.join("+")}:${hashAdminKey(key).toString("hex")}` };
}
