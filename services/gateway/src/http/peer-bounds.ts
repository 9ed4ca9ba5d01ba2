// How many connections an address may have.
import type { PeerBounds } from "@waitlist/runtime";
import ipaddr from "ipaddr.js";
import { clientBlockOf, networkOf } from "../limits/client-block.ts";
import type { TrustProxy } from "./trust-proxy.ts";
import { trustedPeers } from "./trust-proxy.ts";

export interface PeerBoundsOptions {
  /** Connections of one address block at once. */
  perClient: number;
  trustProxy: TrustProxy;
  /** False only in tests, whose every address is one of the machine itself. */
  sparesLoopback?: boolean;
}

/** An IPv6 /48 may have so many times what one of its blocks may: one home's line has hundreds of them. */
const BLOCKS_OF_A_NETWORK = 4;

/** Not bounded are trusted proxies, whose connections are everybody's, and the machine itself. */
export function createPeerBounds({
  perClient,
  trustProxy,
  sparesLoopback = true,
}: PeerBoundsOptions): PeerBounds {
  const isTrusted = trustedPeers(trustProxy);
  return (address) => {
    const block = clientBlockOf(address);
    if (block === null || isTrusted(address)) return [];
    if (sparesLoopback && ipaddr.process(address).range() === "loopback") return [];
    const network = networkOf(address);
    const own = { block, most: perClient };
    if (network === null) return [own];
    return [own, { block: `network ${network}`, most: perClient * BLOCKS_OF_A_NETWORK }];
  };
}
