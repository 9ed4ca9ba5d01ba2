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
  allowedHeaders: ["content-type", "authorization", "prefer", "idempotency-key"],
  exposedHeaders: ["etag", "preference-applied", "retry-after", "ratelimit", "ratelimit-policy"],
  maxAge: 600,
  strictPreflight: false,
} satisfies FastifyCorsOptions;

const LIST_PATH = /^\/v1\/waitlists\/([^/?]+)/;
const ENTRY_PATH = /^\/v1\/entries\//;

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
      // A preflight shows no token. Letting any page ask gives it nothing: the answer itself is readable only for the
      // origins of the token's list, and a GET changes nothing.
      if (request.method === "OPTIONS" && ENTRY_PATH.test(request.url)) {
        return callback(null, { ...COMMON, origin: true });
      }
      allowed(request).then(
        (origin) => callback(null, { ...COMMON, origin: origin ?? false }),
        (error: Error) => callback(error),
      );
    },
  });
}

function listOf(request: FastifyRequest, tokens: Tokens): string | undefined {
  const named = LIST_PATH.exec(request.url)?.[1];
  if (named !== undefined) return named;
  const token = ENTRY_PATH.test(request.url) ? statusTokenOf(request) : undefined;
  return token === undefined ? undefined : tokens.verify(token, "status")?.waitlistId;
}
