// How services speak to each other: the shared token on the way in, a small client on the way out.
import { createHash, timingSafeEqual } from "node:crypto";
import { ProblemError } from "@waitlist/contracts";
import type { FastifyRequest } from "fastify";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** A hook that lets only holders of the shared token in; compared in constant time, as hashes. */
export function requireInternalToken(token: string) {
  const expected = digest(`Bearer ${token}`);
  return async (request: FastifyRequest): Promise<void> => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ""), expected)) {
      throw new ProblemError("unauthorized");
    }
  };
}

export interface InternalClient {
  /** The answer's JSON, or null for a 404. Throws `ProblemError` `unavailable` when the service can't answer. */
  get<T>(path: string): Promise<T | null>;
}

/** Asks one service, for at most `timeoutMs`. The services are our own: their answers are typed, not checked again. */
export function createInternalClient(baseUrl: string, token: string, timeoutMs = 3000): InternalClient {
  const headers = { authorization: `Bearer ${token}` };
  return {
    get: async <T>(path: string) => {
      const response = await fetch(new URL(path, baseUrl), {
        headers,
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => {
        throw new ProblemError("unavailable", "A service behind this one does not answer.", {
          retryAfter: 2,
          cause,
        });
      });
      if (response.status === 404) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok) {
        await response.body?.cancel();
        throw new ProblemError("unavailable", "A service behind this one failed.", { retryAfter: 2 });
      }
      return (await response.json()) as T;
    },
  };
}
