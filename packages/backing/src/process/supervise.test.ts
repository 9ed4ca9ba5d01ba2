import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { StartFailed } from "../errors.ts";
import type { BackingEvent, SupervisedProcess } from "../types.ts";
import { identify } from "./identity.ts";
import { type SuperviseOptions, supervise } from "./supervise.ts";
import { until } from "./until.ts";

let folder: string;
let events: BackingEvent[];
let running: SupervisedProcess[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "waitlist-supervise-"));
  events = [];
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  await rm(folder, { recursive: true, force: true });
});

const log = () => readFile(join(folder, "log"), "utf8");

/** A shell that says "up" and waits, unless the test says otherwise. */
async function start(script: string, options: Partial<SuperviseOptions> = {}): Promise<SupervisedProcess> {
  const supervised = await supervise({
    name: "sample",
    command: "/bin/sh",
    args: ["-c", script],
    logFile: join(folder, "log"),
    ready: async () => (await log()).includes("up"),
    restart: true,
    backoff: { minMs: 20, maxMs: 40 },
    onEvent: (event) => events.push(event),
    ...options,
  });
  running.push(supervised);
  return supervised;
}

const WAITS = "echo up; while :; do sleep 0.1; done";
const gone = (pid: number | null) => async () => pid !== null && (await identify(pid)) === null;

it("answers when the process is ready, with the pid of the process itself", async () => {
  const sample = await start('echo "up $$"; while :; do sleep 0.1; done');
  expect(await log()).toBe(`up ${sample.pid}\n`);
});

it("starts a process again that was killed, and says so", async () => {
  const sample = await start(WAITS);
  const first = sample.pid;
  sample.kill("SIGKILL");
  expect(await until(async () => sample.restarts === 1 && sample.pid !== null, 5000)).toBe(true);
  expect(sample.pid).not.toBe(first);
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["exited", "restarting"]));
  expect(events.find(({ kind }) => kind === "exited")?.message).toBe("sample ended with SIGKILL");
});

it.runIf(existsSync("/proc"))(
  "starts it again when its guard is killed, and leaves no second one",
  async () => {
    const sample = await start(WAITS);
    const first = sample.pid;
    const stat = await readFile(`/proc/${first}/stat`, "utf8");
    const guard = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    process.kill(guard, "SIGKILL");
    expect(await until(async () => sample.restarts === 1 && sample.pid !== null, 5000)).toBe(true);
    expect(await gone(first)()).toBe(true);
  },
);

it("doesn't start one again that was asked to stop", async () => {
  const sample = await start(WAITS);
  const { pid } = sample;
  await sample.stop();
  expect(await gone(pid)()).toBe(true);
  expect(sample).toMatchObject({ pid: null, restarts: 0 });
  expect(events.at(-1)?.kind).toBe("stopped");
});

it("kills one that doesn't stop in time", async () => {
  const sample = await start(`trap "" TERM; ${WAITS}`, { stopTimeoutMs: 100 });
  const { pid } = sample;
  await sample.stop();
  expect(await gone(pid)()).toBe(true);
});

it("fails where the process ends before it is ready, with its last words as the cause", async () => {
  const failure = await start("echo no such database; exit 3").catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StartFailed);
  expect((failure as Error).message).toBe(`sample ended with code 3; its log is ${join(folder, "log")}.`);
  expect(((failure as Error).cause as Error).message).toBe("no such database");
});

it("fails where the program isn't there", async () => {
  await expect(start("", { command: "/nowhere/at-all", args: [] })).rejects.toThrow(
    "sample ended with code 127",
  );
});

it("ends what an earlier run has left behind before it starts", async () => {
  const pidFile = join(folder, "sample.pid");
  const before = await start(WAITS, { pidFile, restart: false });
  await start(WAITS, { pidFile });
  expect(await until(async () => before.pid === null, 5000)).toBe(true);
});
