import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { startBacking } from "../src/index.ts";
import { identify } from "../src/process/identity.ts";
import { until } from "../src/process/until.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-orphans-"));
});

afterEach(() => rm(home, { recursive: true, force: true }));

async function startParent() {
  const script = fileURLToPath(new URL("start-and-hang.ts", import.meta.url));
  const parent = spawn(process.execPath, [script, home], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(parent.stdout, "data");
  return { parent, pids: JSON.parse(String(line)) as number[] };
}

const allGone = (pids: number[]) => async () =>
  (await Promise.all(pids.map(identify))).every((identity) => identity === null);

it("leaves no process behind when the process that started them is killed with -9", async () => {
  const { parent, pids } = await startParent();
  expect(pids).toHaveLength(4);
  expect(await allGone(pids)()).toBe(false);
  parent.kill("SIGKILL");
  expect(await until(allGone(pids), 10_000)).toBe(true);
});

it("starts again at once after that, while the processes of before are still ending", async () => {
  const { parent } = await startParent();
  parent.kill("SIGKILL");
  await once(parent, "exit");
  const backing = await startBacking({ home, mode: "embedded", env: process.env });
  expect(backing.processes.every(({ pid }) => pid !== null)).toBe(true);
  await backing.stop();
});
