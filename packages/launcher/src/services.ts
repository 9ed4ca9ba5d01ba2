// The four services as supervised processes.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type BackingEvent,
  type BackingUrls,
  freePort,
  type SupervisedProcess,
  supervise,
} from "@waitlist/backing";
import type { Secrets } from "./secrets.ts";

export type ServiceName = "gateway" | "storage" | "email" | "invite";
export type Services = Record<ServiceName, SupervisedProcess>;
export type ServiceUrls = Record<ServiceName, string>;

const USUAL_PORTS: Record<ServiceName, number> = { gateway: 8080, storage: 8081, email: 8082, invite: 8083 };
const NAMES = Object.keys(USUAL_PORTS) as ServiceName[];

/** How long a service may take to finish what is in flight, in milliseconds. */
const STOP_WITHIN_MS = 4500;

/**
 * The gateway's requests wait for the log, so that with a small young generation they are copied into the old one before they
 * are answered: a large one makes it clean up half as long. As to email, V8 lets a heap without a limit grow to four times what
 * is in use (40 MB) before it cleans up: with one it does so sooner, and stays below 200 MB.
 */
export const NODE_FLAGS: Record<ServiceName, readonly string[]> = {
  gateway: ["--max-semi-space-size=32"],
  storage: [],
  email: ["--max-old-space-size=256", "--max-semi-space-size=8"],
  invite: [],
};

const mainOf = (name: ServiceName) =>
  fileURLToPath(new URL(`../../../services/${name}/src/main.ts`, import.meta.url));

/** A port for each service: the gateway's as asked for, the others' the usual or any free one. */
export async function choosePorts(gateway?: number): Promise<Record<ServiceName, number>> {
  const ports = await Promise.all(
    NAMES.map((name) => (name === "gateway" && gateway ? gateway : freePort(USUAL_PORTS[name]))),
  );
  return Object.fromEntries(NAMES.map((name, index) => [name, ports[index]])) as Record<ServiceName, number>;
}

export interface ServiceOptions {
  home: string;
  env: NodeJS.ProcessEnv;
  ports: Record<ServiceName, number>;
  urls: BackingUrls;
  secrets: Secrets;
  adminKeys: string;
  publicUrl: string;
  /** What one instance is told otherwise. */
  instanceEnv?: Record<string, string>;
  onEvent: (event: BackingEvent) => void;
}

/** Starts all four at once and waits until each says that it is ready. */
export async function startServices(options: ServiceOptions): Promise<Services> {
  const logs = join(options.home, "logs");
  await mkdir(logs, { recursive: true });
  const started = await Promise.allSettled(NAMES.map((name) => startService(name, logs, options)));
  const running = started.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const failure = started.find((result) => result.status === "rejected");
  if (failure) {
    await Promise.allSettled(running.map((service) => service.stop()));
    throw failure.reason;
  }
  return Object.fromEntries(running.map((service) => [service.name, service])) as Services;
}

/** A service's process; further instances have a name and a port of their own. */
const startService = (
  name: ServiceName,
  logs: string,
  options: ServiceOptions,
  instance: { name: string; port: number } = { name, port: options.ports[name] },
): Promise<SupervisedProcess> =>
  supervise({
    name: instance.name,
    command: process.execPath,
    args: [...NODE_FLAGS[name], mainOf(name)],
    env: { ...environmentOf(options), PORT: String(instance.port) },
    logFile: join(logs, `${instance.name}.log`),
    pidFile: join(options.home, "run", `${instance.name}.pid`),
    ready: () => isReady(urlOf(instance.port)),
    restart: true,
    backoff: { minMs: 100, maxMs: 5000 },
    stopTimeoutMs: STOP_WITHIN_MS,
    onEvent: options.onEvent,
  });

/** One more instance of a service, and where it listens. */
export interface Instance {
  url: string;
  process: SupervisedProcess;
}

/** Starts one more instance beside those that run; `env` goes over the system's settings. */
export async function startInstance(
  name: ServiceName,
  options: ServiceOptions,
  env: Record<string, string>,
): Promise<Instance> {
  const port = await freePort(USUAL_PORTS[name]);
  const own = { ...options, instanceEnv: env };
  const started = await startService(name, join(options.home, "logs"), own, {
    name: `${name}-${port}`,
    port,
  });
  return { url: urlOf(port), process: started };
}

export const urlOf = (port: number) => `http://127.0.0.1:${port}`;

/** The settings of every service: the caller's environment, with what belongs to this system on top. */
function environmentOf(options: ServiceOptions): Record<string, string> {
  const { env, ports, urls, secrets } = options;
  const inherited = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return {
    ...Object.fromEntries(inherited),
    ...secrets,
    KAFKA_BROKERS: urls.kafka,
    MONGODB_URL: urls.mongodb,
    REDIS_URL: urls.redis,
    SMTP_URL: urls.smtp,
    PUBLIC_URL: options.publicUrl,
    ADMIN_KEYS: options.adminKeys,
    STORAGE_URL: urlOf(ports.storage),
    EMAIL_URL: urlOf(ports.email),
    INVITE_URL: urlOf(ports.invite),
    ...options.instanceEnv,
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2000) }).then(
    ({ ok }) => ok,
    // Nobody listens there yet.
    () => false,
  );
