// Asks the limits about each request, before anything of its body is read.
import { createHmac, hkdfSync } from "node:crypto";
import { type ProblemError, WaitlistId } from "@waitlist/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { LRUCache } from "lru-cache";
import type { AdminKeys } from "../domain/admin-keys.ts";
import { bearerOf } from "../domain/headers.ts";
import { clientBlockOf } from "../limits/client-block.ts";
import { closestToItsEnd, rateLimited, rateLimitHeaders } from "../limits/headers.ts";
import type { LimitedRequest, Limits } from "../limits/limits.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a request of this route counts as. Under `/v1` it is a read unless the route says otherwise. */
    limit?: "signup" | "read" | "none";
  }
  interface FastifyRequest {
    /** What a refused request is told, once CORS has let its page read that. */
    refusal: ProblemError | null;
  }
}

interface Deps {
  limits: Limits;
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
 */
export function judgeRequests(app: FastifyInstance, { limits, keys, secret }: Deps): void {
  const clientOf = createClientKeys(secret);
  app.decorateRequest("refusal", null);
  app.addHook("onRequest", async (request, reply) => {
    const limited = limitedRequest(request, clientOf);
    if (!limited || showsAdminKey(request, keys)) return;
    const standings = await limits.judge(limited);
    const closest = closestToItsEnd(standings);
    if (!closest) return;
    reply.headers(rateLimitHeaders(closest));
    if (!closest.allowed) request.refusal = rateLimited(closest);
  });
}

export function refuseLimited(app: FastifyInstance): void {
  app.addHook("onRequest", async (request: FastifyRequest, _reply: FastifyReply) => {
    if (request.refusal) throw request.refusal;
  });
}

function limitedRequest(
  request: FastifyRequest,
  clientOf: (request: FastifyRequest) => string,
): LimitedRequest | null {
  const { config, url = request.url } = request.routeOptions;
  // By the route, because a path can be spelled in several ways; what has none, and a preflight, by the address.
  const isPublic = url.startsWith("/v1/") || request.url.startsWith("/v1/");
  const kind = config.limit ?? (isPublic ? "read" : "none");
  if (kind === "none") return null;
  if (kind === "read") return { kind, client: clientOf(request) };
  const { waitlistId } = request.params as { waitlistId?: string };
  // What can't be a list's name is refused as such; nothing is to be kept of it.
  const named = waitlistId !== undefined && LIST_ID.test(waitlistId) ? waitlistId : undefined;
  return { kind, client: clientOf(request), waitlistId: named };
}

function showsAdminKey({ headers }: FastifyRequest, keys: AdminKeys): boolean {
  const shown = bearerOf(headers.authorization);
  return shown !== undefined && keys.find(shown) !== null;
}

/** A client as Redis and this process's counters know it: a keyed hash of its address block, never the address. */
function createClientKeys(secret: string) {
  const key = Buffer.from(hkdfSync("sha256", secret, "", "waitlist: address blocks", 32));
  const keyOf = (block: string) => createHmac("sha256", key).update(block).digest("base64url").slice(0, 22);
  const known = new LRUCache<string, string>({ max: MAX_CLIENTS });
  return ({ ip, socket }: FastifyRequest): string => {
    const remembered = known.get(ip);
    if (remembered !== undefined) return remembered;
    const block = clientBlockOf(ip);
    // A trusted proxy may have been sent anything for an address: then its own counts.
    if (block === null) return keyOf(clientBlockOf(socket.remoteAddress ?? "") ?? "none");
    const client = keyOf(block);
    if (ip.length <= MAX_LENGTH) known.set(ip, client);
    return client;
  };
}
