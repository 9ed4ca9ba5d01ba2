// A whole waitlist on this machine: backing services and the four services, for start, demo, tests and benchmarks.
import { mkdir, rm } from "node:fs/promises";
import {
  type Backing,
  type BackingEvent,
  type BackingMode,
  type SupervisedProcess,
  startBacking,
} from "@waitlist/backing";
import { mintAdminKey, SCOPES } from "@waitlist/contracts";
import { readSetting } from "@waitlist/runtime";
import { type Endpoints, writeEndpoints } from "./endpoints.ts";
import { loadSecrets, type Secrets } from "./secrets.ts";
import {
  choosePorts,
  type Instance,
  type ServiceName,
  type Services,
  startInstance,
  startServices,
  urlOf,
} from "./services.ts";

export interface SystemOptions {
  /** Where data, logs, secrets and `endpoints.json` live. */
  home: string;
  mode: BackingMode;
  env: NodeJS.ProcessEnv;
  /** The gateway's port; without it 8080, or a free one where that is taken. */
  port?: number;
  /** Forgets the home's data first. */
  fresh?: boolean;
  onEvent?: (event: BackingEvent) => void;
}

export interface System {
  endpoints: Endpoints;
  backing: Backing;
  services: Services;
  secrets: Secrets;
  /** Starts one more instance of a service; it ends with the system. `env` goes over the system's settings. */
  startInstance(name: ServiceName, env?: Record<string, string>): Promise<Instance>;
  /** Ends everything, services first; at most 10 s. */
  stop(): Promise<void>;
}

/** Starts everything and waits until it is ready. What was started is ended again where a part fails. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const { home, mode, env, onEvent = () => undefined } = options;
  if (options.fresh) await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true, mode: 0o700 });
  const secrets = await loadSecrets(home);
  // A key of this start alone.
  const adminKey = mintAdminKey("development", SCOPES, "wl_dev");
  const ports = await choosePorts(options.port);
  const backing = await startBacking({ home, mode, env, onEvent });
  const serviceOptions = {
    home,
    env,
    ports,
    urls: backing.urls,
    secrets,
    adminKeys: [readSetting("ADMIN_KEYS", env), adminKey.line].filter(Boolean).join("\n"),
    publicUrl: readSetting("PUBLIC_URL", env) || `http://localhost:${ports.gateway}`,
    onEvent,
  };
  const services = await startServices(serviceOptions).catch(async (error: unknown) => {
    await backing.stop();
    throw error;
  });
  const endpoints: Endpoints = {
    gateway: urlOf(ports.gateway),
    adminKey: adminKey.key,
    mailbox: { web: backing.urls.mailboxWeb, smtp: backing.urls.smtp },
    kafka: backing.urls.kafka,
    mongodb: backing.urls.mongodb,
    redis: backing.urls.redis,
    services: { storage: urlOf(ports.storage), email: urlOf(ports.email), invite: urlOf(ports.invite) },
  };
  await writeEndpoints(home, endpoints);
  const instances: SupervisedProcess[] = [];
  return {
    endpoints,
    backing,
    services,
    secrets,
    startInstance: async (name, own = {}) => {
      const instance = await startInstance(name, serviceOptions, own);
      instances.push(instance.process);
      return instance;
    },
    stop: async () => {
      await Promise.allSettled([...instances, ...Object.values(services)].map((service) => service.stop()));
      await backing.stop();
    },
  };
}
