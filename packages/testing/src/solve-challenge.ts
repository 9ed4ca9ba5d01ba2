// Solves challenges as a page without any library does: with WebCrypto alone.
import type { Challenge } from "@waitlist/contracts";

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const hexOf = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

async function keyOf({ parameters }: Challenge, counter: number): Promise<string> {
  const { nonce, salt, cost: iterations, keyLength } = parameters;
  const password = new Uint8Array(20);
  password.set(bytesOf(nonce));
  new DataView(password.buffer).setUint32(16, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", salt: bytesOf(salt), iterations, hash: "SHA-256" };
  return hexOf(new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, keyLength * 8)));
}

/** What a signup sends as `challenge`. */
export async function solve(challenge: Challenge): Promise<string> {
  for (let counter = 0; ; counter++) {
    const derivedKey = await keyOf(challenge, counter);
    if (derivedKey.startsWith(challenge.parameters.keyPrefix)) {
      return btoa(JSON.stringify({ challenge, solution: { counter, derivedKey, time: 1 } }));
    }
  }
}
