/** `TOKEN_KEYS` is not usable. The message never holds a secret. */
export class TokenKeysError extends Error {
  override name = "TokenKeysError";
}

export interface TokenKey {
  kid: string;
  secret: string;
}

const KID = /^[A-Za-z0-9_-]{1,32}$/;
const MIN_SECRET_LENGTH = 16;

/**
 * Reads `kid:secret,kid:secret`. The first key signs, all verify: put a new one in front, and leave the old one behind it.
 * A year after it last signed, its tokens have expired; but receipts never do, so that without it those that it signed can't be
 * verified any more. Taken out is only a key that somebody else may know: what it has signed is worth nothing then, receipts
 * included. Throws `TokenKeysError`.
 */
export function parseTokenKeys(text: string): [TokenKey, ...TokenKey[]] {
  const [first, ...others] = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .map(parseKey);
  if (!first) throw new TokenKeysError("TOKEN_KEYS holds no key.");
  const keys: [TokenKey, ...TokenKey[]] = [first, ...others];
  if (new Set(keys.map(({ kid }) => kid)).size < keys.length) {
    throw new TokenKeysError("TOKEN_KEYS names a kid twice.");
  }
  return keys;
}

function parseKey(part: string, index: number): TokenKey {
  const colon = part.indexOf(":");
  const kid = part.slice(0, Math.max(colon, 0));
  const secret = part.slice(colon + 1);
  if (!KID.test(kid)) {
    throw new TokenKeysError(`TOKEN_KEYS: entry ${index + 1} has no kid of letters, digits, - or _.`);
  }
  if (secret.length < MIN_SECRET_LENGTH) {
    throw new TokenKeysError(`TOKEN_KEYS: the secret of ${kid} has fewer than 16 characters.`);
  }
  return { kid, secret };
}
