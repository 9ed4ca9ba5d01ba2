// How services speak to each other: the shared token on the way in, a small client on the way out.
import { createHash, timingSafeEqual } from "node:crypto";
import { ProblemError } from "@waitlist/contracts";
import type { FastifyRequest } from "fastify";
import { activeTrace } from "../tracing/spans.ts";

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

/** Both throw `ProblemError` `unavailable` when the service can't answer. */
export interface InternalClient {
  /** The answer's JSON, or null for a 404. */
  get<T>(path: string): Promise<T | null>;
  /** The same for a question that is too long for a path. */
  post<T>(path: string, body: unknown): Promise<T | null>;
}

/** Asks one service, for at most `timeoutMs`. The services are our own: their answers are typed, not checked again. */
export function createInternalClient(baseUrl: string, token: string, timeoutMs = 3000): InternalClient {
  const authorization = `Bearer ${token}`;
  async function ask<T>(path: string, request: RequestInit): Promise<T | null> {
    const response = await fetch(new URL(path, baseUrl), {
      ...request,
      headers: { ...activeTrace(), ...request.headers, authorization },
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
  }
  return {
    get: (path) => ask(path, {}),
    post: (path, body) =>
      ask(path, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}
