import type { Dependency, Probe } from "@waitlist/runtime";
import type { GatewayConfig } from "./config.ts";

/**
 * What `/readyz` shows. Only the log is required: without the others, signups on lists that are known go on, so a
 * load balancer must not take this gateway out.
 */
export const gatewayDependencies = (
  { STORAGE_URL, EMAIL_URL, INVITE_URL }: Pick<GatewayConfig, "STORAGE_URL" | "EMAIL_URL" | "INVITE_URL">,
  probes: { kafka: Probe; redis: Probe },
): Record<string, Dependency> => ({
  kafka: { probe: probes.kafka, required: true },
  storage: { probe: probeHttp(STORAGE_URL), required: false },
  email: { probe: probeHttp(EMAIL_URL), required: false },
  invite: { probe: probeHttp(INVITE_URL), required: false },
  redis: { probe: probes.redis, required: false },
});

const probeHttp =
  (baseUrl: string): Probe =>
  async () => {
    const response = await fetch(new URL("/livez", baseUrl), { signal: AbortSignal.timeout(1000) });
    await response.body?.cancel();
    return response.ok;
  };
