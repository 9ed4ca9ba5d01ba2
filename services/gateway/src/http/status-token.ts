import type { FastifyRequest } from "fastify";
import { bearerOf } from "../domain/headers.ts";

/** The status token of a request: `Authorization: Bearer`, or `?token=` as in a mail's link. */
export function statusTokenOf(request: Pick<FastifyRequest, "headers" | "query">): string | undefined {
  const { token } = request.query as { token?: unknown };
  return bearerOf(request.headers.authorization) ?? (typeof token === "string" ? token : undefined);
}
