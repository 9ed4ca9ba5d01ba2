// No child outlives us, whatever ends us. Each is started by a small shell that holds the read end of a pipe; only we
// hold the other end, so even our kill -9 closes it, and the shell ends the child.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { StartFailed } from "../errors.ts";
import { identify } from "./identity.ts";
import { until } from "./until.ts";

/** How long a child has for an orderly end when we are gone, in seconds. */
const GRACE_S = 5;

const GONE_WITHIN_MS = 5000;

/**
 * Standard input is the pipe, 3 takes the child's pid. The watcher is a process of its own: it does its work even
 * when somebody kills the shell that started it. `kill 0` means the process group, which is ours alone.
 */
const SCRIPT = `
exec 4<&0 </dev/null
"$@" 3>&- 4<&- &
child=$!
( exec 3>&-
  read -r _ <&4
  kill -TERM "$child" 2>/dev/null
  left=${GRACE_S * 5}
  while [ "$left" -gt 0 ] && kill -0 "$child" 2>/dev/null; do sleep 0.2; left=$((left - 1)); done
  kill -KILL 0 ) &
watcher=$!
exec 4<&-
echo "$child" >&3
exec 3>&-
wait "$child"
code=$?
kill "$watcher" 2>/dev/null
exit "$code"
`;

export interface GuardedChild {
  pid: number;
  /** Settles when the child has ended and nothing of its group is left: "code 1" or "SIGKILL". */
  exited: Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** SIGKILL to the child, its own children and its guard. */
  killGroup(): void;
}

export interface GuardOptions {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  /** An open file for standard output and standard error. */
  logFd: number;
}

/** Starts a child that ends when this process does. */
export async function spawnGuarded(options: GuardOptions): Promise<GuardedChild> {
  const guard = spawn("/bin/sh", ["-c", SCRIPT, "guard", options.command, ...options.args], {
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // A group of its own: the terminal's Ctrl-C reaches us alone, and we stop children in order.
    detached: true,
    stdio: ["pipe", options.logFd, options.logFd, "pipe"],
  });
  const ended = once(guard, "exit");
  await once(guard, "spawn");
  const report = guard.stdio[3] as NodeJS.ReadableStream;
  const pid = Number.parseInt(await text(report), 10);
  const group = guard.pid;
  if (group === undefined || Number.isNaN(pid)) {
    await ended;
    throw new StartFailed(`${options.command} could not be started.`);
  }
  const killGroup = () => send(-group, "SIGKILL");
  return {
    pid,
    // Where the guard was killed the child still runs; the group's end is the child's end, too.
    exited: ended.then(async ([code, signal]) => {
      killGroup();
      guard.stdin?.destroy();
      // Its ports and file locks are free only when it is gone itself, a moment after its guard.
      await until(async () => (await identify(pid)) === null, GONE_WITHIN_MS, { everyMs: 10 });
      return describe(code, signal);
    }),
    signal: (signal) => send(pid, signal),
    killGroup,
  };
}

/** A shell reports a child that died of signal n as 128 + n. */
function describe(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return signal;
  const names: Record<number, string> = { 130: "SIGINT", 134: "SIGABRT", 137: "SIGKILL", 143: "SIGTERM" };
  return names[code ?? 0] ?? `code ${code}`;
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It has ended already.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
