// Whether a solved challenge is one of ours, and solved.
import { createHmac, createSecretKey, hkdfSync, type KeyObject, timingSafeEqual } from "node:crypto";
import type { SolvedChallenge } from "@waitlist/contracts";

/** As altcha-lib takes them. */
export interface SigningSecrets {
  hmacSignatureSecret: string;
  hmacKeySignatureSecret: string;
}

/** `secret` is `ENTRY_ID_SECRET`, which signs other things, too: so each purpose has a key of its own. */
export const signingSecrets = (secret: string): SigningSecrets => ({
  hmacSignatureSecret: keyFor(secret, "waitlist: challenges"),
  hmacKeySignatureSecret: keyFor(secret, "waitlist: keys of challenges"),
});

const keyFor = (secret: string, purpose: string): string =>
  Buffer.from(hkdfSync("sha256", secret, "", purpose, 32)).toString("hex");

/** What is signed is JSON with its fields in this order: JSON.stringify writes these, and in it, at every level. */
const SIGNED_FIELDS = [
  "algorithm",
  "cost",
  "data",
  "expiresAt",
  "keyLength",
  "keyPrefix",
  "keySignature",
  "nonce",
  "salt",
  "waitlistId",
];

/**
 * Says what altcha-lib's `verifySolution` says (a test holds the two together) but at once, for a tenth of its cost: that goes
 * through WebCrypto, where two HMACs take more of a core than all the rest of a signup.
 */
export function createSolutionCheck(secrets: SigningSecrets): (solved: SolvedChallenge) => boolean {
  const [ofChallenge, ofKey] = [secrets.hmacSignatureSecret, secrets.hmacKeySignatureSecret].map((secret) =>
    createSecretKey(secret, "utf8"),
  ) as [KeyObject, KeyObject];
  return ({ challenge: { parameters, signature }, solution: { derivedKey } }) =>
    isSigned(JSON.stringify(parameters, SIGNED_FIELDS), ofChallenge, signature) &&
    isSigned(Buffer.from(derivedKey, "hex"), ofKey, parameters.keySignature);
}

const isSigned = (data: string | Buffer, key: KeyObject, signature: string): boolean =>
  timingSafeEqual(createHmac("sha256", key).update(data).digest(), Buffer.from(signature, "hex"));
