import { createHash } from "node:crypto";

const LENGTH = 16;

/** A digest that tells one record from another: 96 bits of SHA-256 over key and value, in base64url. */
export function recordId({ key, value }: { key: Buffer | null; value: Buffer | null }): string {
  const hash = createHash("sha256");
  for (const part of [key, value]) {
    // With the length before it, no other key and value give the same bytes; -1 is an absent one.
    hash.update(`${part ? part.length : -1}:`);
    if (part) hash.update(part);
  }
  return hash.digest("base64url").slice(0, LENGTH);
}
