import type { PeerBounds } from "@waitlist/runtime";
import type { GatewayConfig } from "./config.ts";
import { createPeerBounds } from "./http/peer-bounds.ts";
import type { TrustProxy } from "./http/trust-proxy.ts";
import type { LiveOptions } from "./live/live.ts";

type Settings = Pick<
  GatewayConfig,
  "MAX_STREAMS" | "MAX_STREAMS_PER_CLIENT" | "MAX_STREAMS_PER_ENTRY" | "MAX_CONNECTIONS_PER_CLIENT"
>;

/** How much of what a gateway holds open may be one client's, as the settings have it. */
export const createBounds = (
  config: Settings,
  trustProxy: TrustProxy,
): { peers: PeerBounds; live: LiveOptions } => ({
  peers: createPeerBounds({ perClient: config.MAX_CONNECTIONS_PER_CLIENT, trustProxy }),
  live: {
    maxStreams: config.MAX_STREAMS,
    maxPerClient: config.MAX_STREAMS_PER_CLIENT,
    maxPerEntry: config.MAX_STREAMS_PER_ENTRY,
  },
});
