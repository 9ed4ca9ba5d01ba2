// Which origins' pages may read an answer: those of the list that the path or the token names.
import cors, { type FastifyCorsOptions } from "@fastify/cors";
import { Value } from "@sinclair/typebox/value";
import { WaitlistId } from "@waitlist/contracts";
import type { Tokens } from "@waitlist/tokens";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Definitions } from "../ports.ts";
import { statusTokenOf } from "./status-token.ts";

const COMMON = {
  methods: ["GET", "POST", "DELETE"],
  allowedHeaders: ["content-type", "authorization", "prefer", "idempotency-key", "last-event-id"],
  exposedHeaders: ["etag", "preference-applied", "retry-after", "ratelimit", "ratelimit-policy"],
  maxAge: 600,
  strictPreflight: false,
} satisfies FastifyCorsOptions;

const LIST_PATH = /^\/v1\/waitlists\/([^/?]+)/;
/** What stands behind these proves something by itself: an id with a token beside it, or a token in the address. */
const TOKEN_PATH = /^\/v1\/(entries|unsubscribe|receipts)\/([^/?]*)/;

export async function allowOrigins(app: FastifyInstance, definitions: Definitions, tokens: Tokens) {
  const originsOf = async (waitlistId: string | undefined, refused: boolean): Promise<string[]> => {
    if (waitlistId === undefined || !Value.Check(WaitlistId, waitlistId)) return [];
    // Whoever asks too often makes nobody read a list. Where it can't be read, the route says so; no page needs to be
    // let in to see that.
    const stored = refused
      ? definitions.peek(waitlistId)
      : await definitions.get(waitlistId).catch(() => null);
    return stored?.definition.allowedOrigins ?? [];
  };

  const allowed = async (request: FastifyRequest): Promise<FastifyCorsOptions["origin"]> => {
    const origins = await originsOf(listOf(request, tokens), request.refusal !== null);
    return origins.length > 0 ? origins : false;
  };

  await app.register(cors, {
    delegator: (request, callback) => {
      if (request.headers.origin === undefined) return callback(null, { origin: false });
      // A preflight shows no token. Letting any page ask gives it nothing: without the token nothing happens, and the
      // answer itself is readable only for the origins of the token's list.
      if (request.method === "OPTIONS" && TOKEN_PATH.test(request.url)) {
        return callback(null, { ...COMMON, origin: true });
      }
      allowed(request).then(
        (origin) => callback(null, { ...COMMON, origin: origin ?? false }),
        (error: Error) => callback(error),
      );
    },
  });

  // A token in a body is known once that has been read.
  app.addHook("preValidation", async (request, reply) => {
    const { origin } = request.headers;
    if (origin === undefined || request.method !== "POST" || !TOKEN_PATH.test(request.url)) return;
    const { token } = (request.body ?? {}) as { token?: unknown };
    const list = typeof token === "string" ? listOfToken(tokens, token) : undefined;
    if (!(await originsOf(list, false)).includes(origin)) return;
    reply.headers({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": COMMON.exposedHeaders.join(", "),
    });
  });
}

/** The list that a request names before its body is read, if only by a token. */
function listOf(request: FastifyRequest, tokens: Tokens): string | undefined {
  const named = LIST_PATH.exec(request.url)?.[1];
  if (named !== undefined) return named;
  const [, kind, text] = TOKEN_PATH.exec(request.url) ?? [];
  if (kind === undefined) return undefined;
  const token = kind === "entries" ? statusTokenOf(request) : text;
  return token === undefined ? undefined : listOfToken(tokens, token);
}

const PURPOSES = ["status", "confirmation", "unsubscribe", "receipt"] as const;

function listOfToken(tokens: Tokens, token: string): string | undefined {
  for (const purpose of PURPOSES) {
    const claims = tokens.verify(token, purpose);
    if (claims) return claims.waitlistId;
  }
  return undefined;
}
