import { setTimeout as sleep } from "node:timers/promises";
import { reason, StartFailed } from "../errors.ts";
import type { BackingEvent, SupervisedProcess } from "../types.ts";
import { becomeReady, type SuperviseOptions, startChild, stopChild } from "./child.ts";
import type { GuardedChild } from "./guard.ts";
import { lastLines } from "./log-file.ts";
import { endStale, removePidFile } from "./stale.ts";

export type { SuperviseOptions } from "./child.ts";

/** A process that has lived this long is well again: the next restart comes at once. */
const STAYED_UP_MS = 10_000;
const STOP_WITHIN_MS = 6000;
const BACKOFF = { minMs: 100, maxMs: 5000 };

interface Supervision {
  options: SuperviseOptions;
  emit(kind: BackingEvent["kind"], message: string): void;
  stopped: AbortController;
  child: GuardedChild | null;
  restarts: number;
}

/**
 * Starts a process under the guard, answers when it is ready, and restarts it when it dies.
 * @throws StartFailed when it ends, or isn't ready in time, at its first start
 */
export async function supervise(options: SuperviseOptions): Promise<SupervisedProcess> {
  const { name, onEvent, pidFile } = options;
  const emit: Supervision["emit"] = (kind, message) => onEvent?.({ name, kind, message });
  const self: Supervision = { options, emit, stopped: new AbortController(), child: null, restarts: 0 };

  if (pidFile && (await endStale(pidFile))) {
    emit("progress", `ended a ${name} that an earlier run had left behind`);
  }
  const first = await startFirst(self);
  const over = keepUp(first, self).catch((error: unknown) => {
    emit("exited", `${name} could not be started again: ${reason(error)}`);
  });
  const stop = async () => {
    self.stopped.abort();
    if (self.child) {
      await stopChild(self.child, options.stopSignal ?? "SIGTERM", options.stopTimeoutMs ?? STOP_WITHIN_MS);
    }
    await over;
    if (pidFile) await removePidFile(pidFile);
    emit("stopped", `${name} has stopped`);
  };
  let stopping: Promise<void> | undefined;

  return {
    name,
    get pid() {
      return self.child?.pid ?? null;
    },
    get restarts() {
      return self.restarts;
    },
    kill: (signal) => self.child?.signal(signal),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function startFirst(self: Supervision): Promise<GuardedChild> {
  const { name, logFile } = self.options;
  self.emit("starting", `${name} is starting`);
  const child = await startOnce(self);
  const failure = await becomeReady(child, self.options);
  if (failure === undefined) return child;
  child.killGroup();
  await child.exited;
  const cause = new Error(lastLines(logFile, 8));
  throw new StartFailed(`${name} ${failure}; its log is ${logFile}.`, { cause });
}

async function startOnce(self: Supervision): Promise<GuardedChild> {
  const child = await startChild(self.options);
  self.child = child;
  void child.exited.then(() => {
    if (self.child === child) self.child = null;
  });
  return child;
}

/** Returns when the process has ended for good. */
async function keepUp(first: GuardedChild, self: Supervision): Promise<void> {
  const { name, restart, backoff = BACKOFF } = self.options;
  const { signal } = self.stopped;
  let delay = backoff.minMs;
  for (let child = first; ; ) {
    const since = performance.now();
    const how = await child.exited;
    if (signal.aborted) return;
    self.emit("exited", `${name} ended with ${how}`);
    if (!restart) return;
    if (performance.now() - since > STAYED_UP_MS) delay = backoff.minMs;
    // Rejects when we are stopped meanwhile: then there is nothing to wait for.
    await sleep(delay, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    self.restarts += 1;
    self.emit("restarting", `${name} is started again after ${delay} ms`);
    delay = Math.min(delay * 2, backoff.maxMs);
    const next = await startOnce(self);
    if (signal.aborted) next.killGroup();
    // One that hangs is as good as dead.
    void becomeReady(next, self.options).then((failure) => failure && next.killGroup());
    child = next;
  }
}
