import { ProblemError, type Scope } from "@waitlist/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { AdminKey, AdminKeys } from "../domain/admin-keys.ts";
import { bearerOf } from "../domain/headers.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The key that was shown, where the route asks for one. */
    adminKey: AdminKey | null;
  }
}

export interface AdminAuth {
  /** A hook that lets in only keys with this scope: 401 without a known key, 403 with one that may not. */
  require(scope: Scope): (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** The same, but whoever shows nothing is let in too, with `adminKey` null. */
  allow(scope: Scope): (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
}

export function createAdminAuth(app: FastifyInstance, keys: AdminKeys): AdminAuth {
  app.decorateRequest("adminKey", null);
  const check = (request: FastifyRequest, reply: FastifyReply, scope: Scope) => {
    const shown = bearerOf(request.headers.authorization);
    const key = shown === undefined ? null : keys.find(shown);
    if (!key) {
      reply.header("www-authenticate", "Bearer");
      throw new ProblemError("unauthorized");
    }
    if (!key.scopes.has(scope)) throw new ProblemError("forbidden");
    request.adminKey = key;
  };
  return {
    require: (scope) => async (request, reply) => check(request, reply, scope),
    allow: (scope) => async (request, reply) => {
      if (request.headers.authorization !== undefined) check(request, reply, scope);
    },
  };
}
