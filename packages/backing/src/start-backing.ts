import { join, resolve } from "node:path";
import { choose, type Machine } from "./choose.ts";
import { urlFromEnvironment, VARIABLES } from "./environment.ts";
import { HomeInUse } from "./errors.ts";
import { hasMongod } from "./local/mongod.ts";
import { hasRedisServer } from "./local/redis-server.ts";
import { freePort, releasePorts } from "./ports.ts";
import { takeLock } from "./process/lock.ts";
import { createProcessStarter } from "./processes.ts";
import { type BackingRecord, readRecord, writeRecord } from "./record.ts";
import { type Started, startChosen } from "./start-chosen.ts";
import { BACKING_NAMES, type Backing, type BackingName, type StartOptions } from "./types.ts";

/**
 * Gives the URLs of Kafka, MongoDB, Redis and a mailbox: those that the environment names, and for the rest
 * containers or processes of ours, whose data is kept under `home`.
 * @throws BackingError whose message is one sentence for the person at the terminal
 */
export async function startBacking(options: StartOptions): Promise<Backing> {
  const home = resolve(options.home);
  const lock = await takeLock(join(home, "backing.lock"));
  if (!lock.held) {
    throw new HomeInUse(
      `${home} is in use by process ${lock.holder.pid}: stop that first, or name another folder in WAITLIST_HOME.`,
    );
  }
  const ports: number[] = [];
  const release = async () => {
    await releasePorts(ports);
    await lock.release();
  };
  try {
    return await start({ ...options, home }, ports, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function start(options: StartOptions, ports: number[], release: () => Promise<void>): Promise<Backing> {
  const { home, env, mode, onEvent = () => undefined } = options;
  const record = await readRecord(home);
  const given = new Map<BackingName, string>();
  const names: BackingName[] = [];
  for (const name of options.only ?? BACKING_NAMES) {
    const url = await urlFromEnvironment(name, env);
    if (url === null) names.push(name);
    else given.set(name, url);
  }

  const machine = machineOf(env);
  const chosen = await choose({ names, mode, home, record, machine });
  const volumes = options.keepVolumes === false ? null : record.volumes;
  const context = { home, env, port: portsOf(record, ports), volumes };
  const started = await startChosen(chosen, {
    context,
    record,
    mode,
    onEvent,
    startProcess: createProcessStarter(context, onEvent),
    withoutContainers: async (name) => ((await machine.program(name)) ? "local" : "embedded"),
  });
  for (const { name, origin } of started) record.origin[name] = origin;
  await writeRecord(home, record);
  return assemble(given, started, release);
}

function assemble(
  given: Map<BackingName, string>,
  started: Started[],
  release: () => Promise<void>,
): Backing {
  let stopping: Promise<void> | undefined;
  const backing: Backing = {
    urls: { kafka: "", mongodb: "", redis: "", smtp: "", mailboxWeb: null },
    origin: { kafka: "none", mongodb: "none", redis: "none", mailbox: "none" },
    processes: started.flatMap(({ process }) => (process ? [process] : [])),
    stop() {
      stopping ??= Promise.all(started.map((one) => one.stop())).then(release);
      return stopping;
    },
  };
  for (const [name, url] of given) {
    backing.origin[name] = "environment";
    Object.assign(backing.urls, { [VARIABLES[name].url]: url });
  }
  for (const { name, origin, urls } of started) {
    backing.origin[name] = origin;
    Object.assign(backing.urls, urls);
  }
  return backing;
}

/** What this machine has, looked for once and only if asked. */
function machineOf(env: NodeJS.ProcessEnv): Machine {
  let engine: Promise<boolean> | undefined;
  return {
    containerEngine: () => {
      engine ??= import("./containers/engine.ts").then(({ hasContainerEngine }) => hasContainerEngine());
      return engine;
    },
    program: async (name) => {
      if (name === "mongodb") return hasMongod(env);
      return name === "redis" && hasRedisServer(env);
    },
  };
}

/** Those of the last start where they are free; all that it gives are added to `taken`. */
function portsOf(record: BackingRecord, taken: number[]) {
  return async (purpose: string, usual: number) => {
    const port = await freePort(record.ports[purpose] ?? usual);
    record.ports[purpose] = port;
    taken.push(port);
    return port;
  };
}
