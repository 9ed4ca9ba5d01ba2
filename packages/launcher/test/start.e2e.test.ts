import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort, releasePorts } from "@waitlist/backing";
import { eventually } from "@waitlist/testing";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createApi } from "../src/api.ts";
import type { Endpoints } from "../src/endpoints.ts";
import { runStart, type StartProcess } from "./support/start-process.ts";

let home: string;
const running = new Set<StartProcess>();

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-start-"));
});

afterEach(async () => {
  for (const { child } of running) if (child.exitCode === null) child.kill("SIGKILL");
  running.clear();
  await eventually(async () => expect(await processesOf(home)).toEqual([]), 15_000);
  await rm(home, { recursive: true, force: true });
});

async function start(...args: Parameters<typeof runStart>): Promise<StartProcess> {
  const started = await runStart(...args);
  running.add(started);
  return started;
}

async function timed(begin: () => Promise<StartProcess>): Promise<{ started: StartProcess; ms: number }> {
  const began = performance.now();
  return { started: await begin(), ms: performance.now() - began };
}

/** A limit in milliseconds; where the machine is so slow that a first start takes longer, that is the limit. */
const onThisMachine = (limitMs: number, firstStartMs: number) => Math.max(limitMs, firstStartMs);

const apiOf = ({ gateway, adminKey }: Endpoints) => createApi(gateway, adminKey);

/** Living processes whose command line or environment names a folder. */
async function processesOf(folder: string): Promise<string[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const read = (pid: string, file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
  const found = await Promise.all(
    pids.map(async (pid) => {
      const state = /\) (\S)/.exec(await read(pid, "stat"))?.[1];
      const text = (await read(pid, "cmdline")) + (await read(pid, "environ"));
      return state !== undefined && state !== "Z" && text.includes(folder) ? pid : [];
    }),
  );
  return found.flat();
}

describe("start", () => {
  test("makes the sample list, tells where everything is, and finds yesterday's data the next time", async () => {
    const { started: first, ms: firstMs } = await timed(() => start(home));
    expect(first.mode()).toBe(0o600);
    const endpoints = first.endpoints();
    expect(Object.keys(endpoints).sort()).toEqual(
      ["adminKey", "gateway", "kafka", "mailbox", "mongodb", "redis", "services"].sort(),
    );
    for (const address of [
      endpoints.gateway,
      `${endpoints.gateway}/docs`,
      endpoints.mailbox.web,
      endpoints.adminKey,
    ]) {
      expect(first.output()).toContain(address);
    }
    const signup = { email: "ada@example.com" };
    const { status, body } = await apiOf(endpoints).join("socialode", signup, { prefer: "wait=10" });
    expect(status).toBe(201);

    const { ms, code } = await first.end("SIGINT");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(onThisMachine(10_000, firstMs));
    expect(await processesOf(home)).toEqual([]);

    const { started: second, ms: secondMs } = await timed(() => start(home));
    expect(secondMs).toBeLessThan(onThisMachine(15_000, firstMs));
    expect(second.endpoints().adminKey).not.toBe(endpoints.adminKey);
    const entries = await apiOf(second.endpoints()).entries("socialode");
    expect(entries.map(({ entryId }) => entryId)).toEqual([body.entryId]);
    await second.end("SIGINT");
  });

  test("forgets the data with --fresh", async () => {
    const first = await start(home);
    await apiOf(first.endpoints()).join("socialode", { email: "ada@example.com" }, { prefer: "wait=10" });
    await first.end("SIGTERM");
    const second = await start(home, ["--fresh"]);
    expect(await apiOf(second.endpoints()).entries("socialode")).toEqual([]);
    await second.end("SIGTERM");
  });

  test("runs beside another one on another home, and refuses a second one on its own", async () => {
    const neighbour = await mkdtemp(join(tmpdir(), "waitlist-start-"));
    const first = await start(home);
    const port = await freePort(18_080);
    await releasePorts([port]);
    const second = await start(neighbour, [], { PORT: String(port) });
    expect(second.endpoints().gateway).toBe(`http://127.0.0.1:${port}`);
    await apiOf(first.endpoints()).join("socialode", { email: "ada@example.com" }, { prefer: "wait=10" });
    expect(await apiOf(second.endpoints()).entries("socialode")).toEqual([]);

    const third = await start(home);
    await eventually(() => expect(third.child.exitCode).toBe(1));
    expect(third.output()).toContain("set WAITLIST_HOME to run a second one beside it");
    await second.end("SIGINT");
    await rm(neighbour, { recursive: true, force: true });
    expect((await fetch(`${first.endpoints().gateway}/readyz`)).status).toBe(200);
    await first.end("SIGINT");
  });

  test("restarts a service that dies, and says so", async () => {
    const started = await start(home);
    const before = await readFile(join(home, "run", "storage.pid"), "utf8");
    process.kill(Number(before.match(/\d+/)?.[0]), "SIGKILL");
    await eventually(() => expect(started.output()).toMatch(/storage +is started again/));
    await eventually(async () => {
      expect((await fetch(`${started.endpoints().services.storage}/readyz`)).status).toBe(200);
    });
    await started.end("SIGINT");
  });

  test("leaves no process behind when it is killed with -9", async () => {
    const started = await start(home);
    expect((await processesOf(home)).length).toBeGreaterThan(4);
    await started.end("SIGKILL");
    await eventually(async () => expect(await processesOf(home)).toEqual([]), 15_000);
  });

  test("answers a wrong setting with one sentence", async () => {
    const started = await start(home, [], { WAITLIST_BACKING: "magic" });
    expect(started.child.exitCode).toBe(1);
    expect(started.output()).toContain("WAITLIST_BACKING must be one of auto, containers, embedded.");
    expect(started.output()).not.toContain("    at ");
  });
});

describe("demo", () => {
  test("keeps every promise, within a minute", async () => {
    const script = fileURLToPath(new URL("../src/demo/main.ts", import.meta.url));
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, NO_COLOR: "1", WAITLIST_HOME: home },
      stdio: "pipe",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        output += chunk.toString();
      });
    }
    const began = performance.now();
    const [code] = (await once(child, "exit")) as [number | null];
    expect(output).toContain("✓ 25 invite mails, to the same people");
    expect(output).not.toContain("✗");
    expect(code).toBe(0);
    expect(performance.now() - began).toBeLessThan(60_000);
  });
});
