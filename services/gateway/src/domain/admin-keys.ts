// Admin keys: kept only as hashes, found in constant time.
import { timingSafeEqual } from "node:crypto";
import { ADMIN_KEY_NAME, hashAdminKey, isScope, SCOPES, type Scope } from "@waitlist/contracts";

export interface AdminKey {
  name: string;
  scopes: ReadonlySet<Scope>;
}

export interface AdminKeys {
  /** The key that this text is, or null. Takes as long for a wrong key as for any right one. */
  find(key: string): AdminKey | null;
}

/** `ADMIN_KEYS` is not usable. The message names entries by number and never repeats them. */
export class AdminKeysError extends Error {
  override name = "AdminKeysError";
}

const SHA256 = /^[0-9a-f]{64}$/i;

/** Reads `name:scopes:sha256hex`, one a line or separated by commas, scopes joined by `+`. Throws `AdminKeysError`. */
export function parseAdminKeys(text: string): AdminKeys {
  const keys = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(parseKey);
  return {
    find: (key) => {
      const hash = hashAdminKey(key);
      let found: AdminKey | null = null;
      // All are compared, so that the time says nothing about which one it was.
      for (const known of keys) if (timingSafeEqual(known.hash, hash)) found = known.key;
      return found;
    },
  };
}

function parseKey(line: string, index: number): { key: AdminKey; hash: Buffer } {
  const [name = "", scopesText = "", hash = "", ...rest] = line.split(":");
  const scopes = scopesText.split("+");
  if (!ADMIN_KEY_NAME.test(name) || !SHA256.test(hash) || rest.length > 0) {
    throw new AdminKeysError(`ADMIN_KEYS: entry ${index + 1} is not name:scopes:sha256.`);
  }
  if (!scopes.every(isScope)) {
    throw new AdminKeysError(`ADMIN_KEYS: entry ${index + 1} has a scope other than ${SCOPES.join(", ")}.`);
  }
  // Whoever may change a list may see it.
  const granted = new Set<Scope>(scopes.includes("admin") ? [...scopes, "read"] : scopes);
  return { key: { name, scopes: granted }, hash: Buffer.from(hash, "hex") };
}
