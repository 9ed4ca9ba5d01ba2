// Signed tokens (JWT, HS256): each bound to one purpose, made by the first key, readable by all of them.
import type { TObject } from "@sinclair/typebox";
import { type TypeCheck, TypeCompiler } from "@sinclair/typebox/compiler";
import { createDecoder, createSigner, createVerifier, TokenError } from "fast-jwt";
import {
  type Claims,
  type ClaimsOf,
  ConfirmationClaims,
  type Purpose,
  ReceiptClaims,
  StatusClaims,
  UnsubscribeClaims,
} from "./claims.ts";
import { parseTokenKeys } from "./keys.ts";

export interface Tokens {
  sign(claims: Claims): string;
  /** Null where the token is malformed, not signed by one of our keys, for another purpose, or expired. */
  verify<P extends Purpose>(token: string, purpose: P): ClaimsOf<P> | null;
}

/** Longer than any token of ours: nothing above it is worth decoding. */
const MAX_TOKEN_LENGTH = 1024;

const checks: Record<Purpose, TypeCheck<TObject>> = {
  status: TypeCompiler.Compile<TObject>(StatusClaims),
  confirmation: TypeCompiler.Compile<TObject>(ConfirmationClaims),
  unsubscribe: TypeCompiler.Compile<TObject>(UnsubscribeClaims),
  receipt: TypeCompiler.Compile<TObject>(ReceiptClaims),
};

/**
 * `keys` as `TOKEN_KEYS` holds them, `clock` in milliseconds. The algorithm is pinned, so a token can't choose its own
 * (RFC 8725, 3.1), and the signature is compared in constant time. Throws `TokenKeysError`.
 */
export function createTokens(keys: string, clock: () => number): Tokens {
  const [first, ...others] = parseTokenKeys(keys);
  const signer = createSigner({ algorithm: "HS256", key: first.secret, kid: first.kid, noTimestamp: true });
  // One verifier a key, found by kid: with a function as key the library would only verify asynchronously. It doesn't
  // look at `exp`, because its clock can't be given as a function.
  const verifiers = new Map(
    [first, ...others].map(({ kid, secret }) => [
      kid,
      createVerifier({ key: secret, algorithms: ["HS256"], cache: false, ignoreExpiration: true }),
    ]),
  );
  const decode = createDecoder({ complete: true });

  const read = (token: string): unknown => {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    try {
      const { header } = decode(token) as { header: { kid?: unknown } };
      const verifier = typeof header.kid === "string" ? verifiers.get(header.kid) : undefined;
      return verifier ? verifier(token) : null;
    } catch (error) {
      if (error instanceof TokenError) return null;
      throw error;
    }
  };

  return {
    sign: (claims) => signer(claims),
    verify: <P extends Purpose>(token: string, purpose: P): ClaimsOf<P> | null => {
      const claims = read(token);
      if (!checks[purpose].Check(claims)) return null;
      const { exp } = claims as { exp?: number };
      return exp !== undefined && clock() >= exp * 1000 ? null : (claims as ClaimsOf<P>);
    },
  };
}
