import type { FastifyRequest } from "fastify";
import { clientBlockOf, networkOf } from "../limits/client-block.ts";

/** Whose request it is. For counting in this process's memory alone: it tells addresses. */
export interface ClientBlocks {
  client: string;
  /** The larger block around an IPv6 one. */
  network: string | undefined;
  /** Whether it is only the proxy's: that may have been sent anything for an address. */
  isProxys: boolean;
}

export function clientBlocksOf({ ip, socket }: Pick<FastifyRequest, "ip" | "socket">): ClientBlocks {
  const given = blocksOf(ip);
  if (given) return given;
  return { client: "none", network: undefined, ...blocksOf(socket.remoteAddress ?? ""), isProxys: true };
}

function blocksOf(address: string): ClientBlocks | null {
  const client = clientBlockOf(address);
  return client === null ? null : { client, network: networkOf(address) ?? undefined, isProxys: false };
}
