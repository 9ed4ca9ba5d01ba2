import { setTimeout as sleep } from "node:timers/promises";
import { reason, StartFailed } from "../errors.ts";
import type { BackingEvent, OnEvent, SupervisedProcess } from "../types.ts";
import { type GuardedChild, spawnGuarded } from "./guard.ts";
import { lastLines, withLogFile } from "./log-file.ts";
import { endStale, removePidFile, writePidFile } from "./stale.ts";
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

/** A process that has lived this long is well again: the next restart comes at once. */
const STAYED_UP_MS = 10_000;

/**
 * Starts a process under the guard, answers when it is ready, and restarts it when it dies.
 * @throws StartFailed when it ends, or isn't ready in time, at its first start
 */
export async function supervise(options: SuperviseOptions): Promise<SupervisedProcess> {
  const { name, backoff = { minMs: 100, maxMs: 5000 }, stopTimeoutMs = 6000 } = options;
  const emit = (kind: BackingEvent["kind"], message: string) => options.onEvent?.({ name, kind, message });
  const stopped = new AbortController();
  let child: GuardedChild | null = null;
  let restarts = 0;

  if (options.pidFile && (await endStale(options.pidFile))) {
    emit("progress", `ended a ${name} that an earlier run had left behind`);
  }

  async function start(): Promise<GuardedChild> {
    const started = await withLogFile(options.logFile, (logFd) =>
      spawnGuarded({ ...options, env: { ...process.env, ...options.env }, logFd }),
    );
    child = started;
    void started.exited.then(() => {
      if (child === started) child = null;
    });
    if (options.pidFile) await writePidFile(options.pidFile, started.pid);
    return started;
  }

  /** Undefined when ready, otherwise why not. */
  async function becomeReady(started: GuardedChild): Promise<string | undefined> {
    const over = new AbortController();
    const ended = started.exited.then((how) => `ended with ${how}`);
    const asked = until(options.ready, options.readyWithinMs ?? 60_000, { signal: over.signal });
    const failure = await Promise.race([
      ended,
      asked.then((yes) => (yes ? undefined : "gave no answer in time")),
    ]);
    over.abort();
    if (failure === undefined) emit("ready", `${name} is ready`);
    return failure;
  }

  async function keepUp(first: GuardedChild): Promise<void> {
    let current = first;
    let delay = backoff.minMs;
    for (;;) {
      const since = performance.now();
      const how = await current.exited;
      if (stopped.signal.aborted) return;
      emit("exited", `${name} ended with ${how}`);
      if (!options.restart) return;
      if (performance.now() - since > STAYED_UP_MS) delay = backoff.minMs;
      await sleep(delay, undefined, { signal: stopped.signal }).catch(() => undefined);
      if (stopped.signal.aborted) return;
      restarts += 1;
      emit("restarting", `${name} is started again after ${delay} ms`);
      delay = Math.min(delay * 2, backoff.maxMs);
      const next = await start();
      if (stopped.signal.aborted) next.killGroup();
      // One that hangs is as good as dead.
      void becomeReady(next).then((failure) => failure && next.killGroup());
      current = next;
    }
  }

  emit("starting", `${name} is starting`);
  const first = await start();
  const failure = await becomeReady(first);
  if (failure !== undefined) {
    first.killGroup();
    await first.exited;
    const log = lastLines(options.logFile, 8);
    throw new StartFailed(`${name} ${failure}; its log is ${options.logFile}.`, { cause: new Error(log) });
  }
  const over = keepUp(first).catch((error: unknown) => {
    emit("exited", `${name} could not be started again: ${reason(error)}`);
  });

  return {
    name,
    get pid() {
      return child?.pid ?? null;
    },
    get restarts() {
      return restarts;
    },
    kill: (signal) => child?.signal(signal),
    async stop() {
      if (stopped.signal.aborted) return over;
      stopped.abort();
      const last = child;
      if (last) {
        last.signal(options.stopSignal ?? "SIGTERM");
        const timer = setTimeout(() => last.killGroup(), stopTimeoutMs);
        await last.exited;
        clearTimeout(timer);
      }
      await over;
      if (options.pidFile) await removePidFile(options.pidFile);
      emit("stopped", `${name} has stopped`);
    },
  };
}
