// One run of a supervised process: its start, and whether it gets ready.
import type { OnEvent } from "../types.ts";
import { type GuardedChild, spawnGuarded } from "./guard.ts";
import { withLogFile } from "./log-file.ts";
import { writePidFile } from "./stale.ts";
import { until } from "./until.ts";

export interface SuperviseOptions {
  name: string;
  command: string;
  args: string[];
  /** Added to this process's own environment. */
  env?: Record<string, string>;
  cwd?: string;
  /** Takes standard output and standard error; appended to. */
  logFile: string;
  /** Names the running child, so that a later run can end it where even its guard was killed. */
  pidFile?: string;
  /** Asked until it says yes; no answer or a rejection means not yet. */
  ready: () => Promise<boolean>;
  /** How long it may take until the first yes, in milliseconds (60,000). */
  readyWithinMs?: number;
  /** Whether it is started again when it dies after it was ready. */
  restart: boolean;
  /** The first restart waits `minMs`, each next one twice as long up to `maxMs`, until one stays up. */
  backoff?: { minMs: number; maxMs: number };
  stopSignal?: NodeJS.Signals;
  /** Time for an orderly stop before SIGKILL, in milliseconds (6,000). */
  stopTimeoutMs?: number;
  onEvent?: OnEvent;
}

const READY_WITHIN_MS = 60_000;

export async function startChild(options: SuperviseOptions): Promise<GuardedChild> {
  const child = await withLogFile(options.logFile, (logFd) =>
    spawnGuarded({ ...options, env: { ...process.env, ...options.env }, logFd }),
  );
  if (options.pidFile) await writePidFile(options.pidFile, child.pid);
  return child;
}

/** Undefined when it is ready, otherwise why it isn't. */
export async function becomeReady(
  child: GuardedChild,
  options: SuperviseOptions,
): Promise<string | undefined> {
  const over = new AbortController();
  const asked = until(options.ready, options.readyWithinMs ?? READY_WITHIN_MS, { signal: over.signal });
  const failure = await Promise.race([
    child.exited.then((how) => `ended with ${how}`),
    asked.then((yes) => (yes ? undefined : "gave no answer in time")),
  ]);
  over.abort();
  if (failure === undefined) {
    options.onEvent?.({ name: options.name, kind: "ready", message: `${options.name} is ready` });
  }
  return failure;
}

/** Orderly, or by SIGKILL when that takes too long. */
export async function stopChild(
  child: GuardedChild,
  signal: NodeJS.Signals,
  withinMs: number,
): Promise<void> {
  child.signal(signal);
  const timer = setTimeout(() => child.killGroup(), withinMs);
  await child.exited;
  clearTimeout(timer);
}
