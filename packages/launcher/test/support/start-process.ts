// `start` as a person runs it: a process with a terminal's output and signals.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "@waitlist/testing";
import type { Endpoints } from "../../src/endpoints.ts";

const START = fileURLToPath(new URL("../../src/start.ts", import.meta.url));

export interface StartProcess {
  child: ChildProcess;
  /** Everything that the terminal has shown. */
  output(): string;
  endpoints(): Endpoints;
  /** The mode of `endpoints.json`. */
  mode(): number;
  /** Sends a signal and waits for the end: how long it took in milliseconds, and with which code. */
  end(signal: NodeJS.Signals): Promise<{ ms: number; code: number | null }>;
}

/** Starts and waits until it says that the waitlist is running. */
export async function runStart(
  home: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<StartProcess> {
  const child = spawn(process.execPath, [START, ...args], {
    env: { ...process.env, NO_COLOR: "1", WAITLIST_HOME: home, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
    });
  }
  const file = join(home, "endpoints.json");
  await eventually(() => {
    if (child.exitCode !== null) return;
    if (!text.includes("Your waitlist is running")) throw new Error(`not yet running: ${text}`);
  }, 90_000);
  return {
    child,
    output: () => text,
    endpoints: () => JSON.parse(readFileSync(file, "utf8")) as Endpoints,
    mode: () => statSync(file).mode & 0o777,
    end: async (signal) => {
      const began = performance.now();
      const exited = once(child, "exit");
      child.kill(signal);
      const [code] = (await exited) as [number | null];
      return { ms: performance.now() - began, code };
    },
  };
}
