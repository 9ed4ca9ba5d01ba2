// Asks the limits about each request: signups while their bodies are read, all others before.
import { createHmac, hkdfSync } from "node:crypto";
import { type ProblemError, WaitlistId } from "@waitlist/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { AdminKeys } from "../domain/admin-keys.ts";
import { bearerOf } from "../domain/headers.ts";
import type { Standing } from "../limits/coalescer.ts";
import { closestToItsEnd, rateLimited, rateLimitHeaders } from "../limits/headers.ts";
import type { LimitedRequest, Limits, Requester } from "../limits/limits.ts";
import type { Definitions } from "../ports.ts";
import { clientBlocksOf } from "./client-blocks.ts";
import { createJudgement, type Judgement } from "./judgement.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a request of this route counts as. Under `/v1` it is a read unless the route says otherwise. */
    limit?: "signup" | "read" | "none";
  }
  interface FastifyRequest {
    /** What a refused request is told, once CORS has let its page read that. */
    refusal: ProblemError | null;
    /** Of a signup that goes on being read while it is counted; null where nothing limits it. */
    judgement: Judgement | null;
  }
}

interface Deps {
  limits: Limits;
  definitions: Pick<Definitions, "peek">;
  keys: AdminKeys;
  /** `ENTRY_ID_SECRET`. */
  secret: string;
}

/** Addresses whose key is remembered, and how long one may be. */
const MAX_CLIENTS = 10_000;
const MAX_LENGTH = 64;
const LIST_ID = new RegExp(WaitlistId.pattern ?? "");

/**
 * Judges all requests; must run before CORS, which reads lists. Refused ones go on to `refuseLimited`, after it. Whoever
 * shows a valid admin key isn't limited.
 *
 * Of those who are known to have used up a window nothing is read. Other signups are counted while they are read, so that what
 * else is asked of Redis for them is asked in the same round trip; until a window is known to be used up, that costs no more
 * than to read, at most 16 KiB each, those that were under way. What counts for a list, and for everybody, are only those that
 * turn out to be good by then: the route says so.
 */
export function judgeRequests(app: FastifyInstance, { limits, definitions, keys, secret }: Deps): void {
  const clientOf = createClientKeys(secret);
  app.decorateRequest("refusal", null);
  app.decorateRequest("judgement", null);
  app.addHook("onRequest", async (request, reply) => {
    const limited = limitedRequest(request, clientOf, definitions);
    if (!limited || showsAdminKey(request, keys)) return;
    const standings = limits.judge(limited);
    if (Array.isArray(standings)) return note(request, reply, standings);
    if (limited.kind === "read") return note(request, reply, await standings);
    request.judgement = createJudgement(limits, standings, (known) => note(request, reply, known));
  });
  // What was refused for something else is told its limits, too.
  app.addHook("onSend", (request, _reply, _payload, done) => {
    const settled = request.judgement?.settled();
    if (!settled) return done();
    settled.then(
      () => done(),
      () => done(),
    );
  });
}

function note(request: FastifyRequest, reply: FastifyReply, standings: readonly Standing[]): void {
  const closest = closestToItsEnd(standings);
  if (!closest) return;
  reply.headers(rateLimitHeaders(closest));
  if (!closest.allowed) request.refusal = rateLimited(closest);
}

/** Waits until a signup was counted for all that it counts for. Throws `ProblemError` `rate-limited` where it was one too many. */
export async function allowedToSignUp(request: FastifyRequest): Promise<void> {
  await request.judgement?.settled();
  if (request.refusal) throw request.refusal;
}

export function refuseLimited(app: FastifyInstance): void {
  app.addHook("onRequest", async (request: FastifyRequest, _reply: FastifyReply) => {
    if (request.refusal) throw request.refusal;
  });
}

function limitedRequest(
  request: FastifyRequest,
  clientOf: (request: FastifyRequest) => Requester,
  definitions: Pick<Definitions, "peek">,
): LimitedRequest | null {
  const { config, url = request.url } = request.routeOptions;
  // By the route, because a path can be spelled in several ways; what has none, and a preflight, by the address.
  const isPublic = url.startsWith("/v1/") || request.url.startsWith("/v1/");
  const kind = config.limit ?? (isPublic ? "read" : "none");
  if (kind === "none") return null;
  if (kind === "read") return { kind, client: clientOf(request).client };
  const { waitlistId } = request.params as { waitlistId?: string };
  // What can't be a list's name is refused as such; nothing is to be kept of it.
  const named = waitlistId !== undefined && LIST_ID.test(waitlistId) ? waitlistId : undefined;
  const watched = named !== undefined && definitions.peek(named)?.definition.challenge === "auto";
  return { kind, ...clientOf(request), waitlistId: named, watched };
}

function showsAdminKey({ headers }: FastifyRequest, keys: AdminKeys): boolean {
  const shown = bearerOf(headers.authorization);
  return shown !== undefined && keys.find(shown) !== null;
}

/** A client as Redis and this process's counters know it: a keyed hash of its address block, never the address. */
function createClientKeys(secret: string) {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "waitlist: address blocks", 32));
  const keyOf = (block: string) => createHmac("sha256", key).update(block).digest("base64url").slice(0, 22);
  const known = new LRUCache<string, Requester>({ max: MAX_CLIENTS });
  return (request: FastifyRequest): Requester => {
    const { ip } = request;
    const remembered = known.get(ip);
    if (remembered !== undefined) return remembered;
    const { client, network, isProxys } = clientBlocksOf(request);
    const keys = { client: keyOf(client), network: network === undefined ? undefined : keyOf(network) };
    if (!isProxys && ip.length <= MAX_LENGTH) known.set(ip, keys);
    return keys;
  };
}
