// Gateways for signups, each a process of its own.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eventsTopic } from "@waitlist/contracts";
import { ensureTopics } from "@waitlist/kafka";
import { NODE_FLAGS } from "@waitlist/launcher";
import type { Variant } from "./gateway-process.ts";
import { PARTITIONS } from "./installation.ts";
import { silent } from "./table.ts";

export interface SignupGateway {
  url: string;
  stop(): void;
}

/** Starts one gateway a variant, all on one topic. `env` is what a variant needs beside the broker. */
export async function startGateways<V extends Variant>(
  variants: readonly V[],
  { kafka, topicPrefix, env = {} }: { kafka: string; topicPrefix: string; env?: Record<string, string> },
): Promise<{ urls: Record<V, string>; stop: () => void }> {
  const topic = eventsTopic(PARTITIONS, topicPrefix);
  await ensureTopics({ brokers: kafka.split(","), clientId: "bench", log: silent }, [topic]);
  const started = await Promise.all(
    variants.map((variant) =>
      startGateway({ ...env, VARIANT: variant, KAFKA_BROKERS: kafka, TOPIC_PREFIX: topicPrefix }),
    ),
  );
  const urls = Object.fromEntries(variants.map((variant, index) => [variant, started[index]?.url ?? ""]));
  return {
    urls: urls as Record<V, string>,
    stop: () => {
      for (const gateway of started) gateway.stop();
    },
  };
}

async function startGateway(env: Record<string, string>): Promise<SignupGateway> {
  const file = fileURLToPath(new URL("gateway-process.ts", import.meta.url));
  const child = fork(file, { env: { ...process.env, ...env }, execArgv: [...NODE_FLAGS.gateway] });
  const [url] = (await once(child, "message")) as [string];
  return { url, stop: () => child.disconnect() };
}
