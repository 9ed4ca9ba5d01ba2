// Whether a solved challenge is one of ours, and solved.
import { hkdfSync, timingSafeEqual } from "node:crypto";
import { createHmacSha256, type Sign } from "@waitlist/contracts";
import { LRUCache } from "lru-cache";

/** Terms whose secret is ready for use: a list's challenges of one second have the same ones, and live ten minutes. */
const MAX_SIGNERS = 1000;

/** What a challenge was made for: a list, until a time in seconds since 1970. */
export interface ChallengeTerms {
  waitlistId: string;
  expiresAt: number;
}

/** A key that somebody found, and what the challenge says it is signed with; both in hex, of 32 bytes. */
export interface FoundKey {
  derivedKey: string;
  keySignature: string;
}

/** As altcha-lib takes them. */
export interface SigningSecrets {
  hmacSignatureSecret: string;
  hmacKeySignatureSecret: string;
}

export interface ChallengeSecrets {
  /** What the library signs a challenge of these terms with. */
  signing(terms: ChallengeTerms): SigningSecrets;
  /** Whether this is the key of a challenge that was signed for these terms; in constant time. */
  isFound(terms: ChallengeTerms, key: FoundKey): boolean;
}

/**
 * The key that is sought is signed with a secret of the challenge's terms. So one HMAC says all that matters: only who solved
 * the challenge knows the second half of its key, and only we can have signed that for this list and this time. What else
 * stands in a challenge says how the key is found, and may be changed by whoever likes. `secret` is `ENTRY_ID_SECRET`, which
 * signs other things, too: each purpose has a key of its own.
 */
export function createChallengeSecrets(secret: string): ChallengeSecrets {
  const ofChallenges = keyFor(secret, "waitlist: challenges");
  const ofKeys = keyFor(secret, "waitlist: keys of challenges");
  const ofKey = ({ waitlistId, expiresAt }: ChallengeTerms) => `${ofKeys}:${waitlistId}:${expiresAt}`;
  const signers = new LRUCache<string, Sign>({ max: MAX_SIGNERS });
  const signerOf = (key: string): Sign => {
    const known = signers.get(key);
    if (known) return known;
    const made = createHmacSha256(key);
    signers.set(key, made);
    return made;
  };
  return {
    signing: (terms) => ({ hmacSignatureSecret: ofChallenges, hmacKeySignatureSecret: ofKey(terms) }),
    isFound: (terms, { derivedKey, keySignature }) =>
      timingSafeEqual(
        signerOf(ofKey(terms))(Buffer.from(derivedKey, "hex")),
        Buffer.from(keySignature, "hex"),
      ),
  };
}

const keyFor = (secret: string, purpose: string): string =>
  Buffer.from(hkdfSync("sha256", secret, "", purpose, 32)).toString("hex");
