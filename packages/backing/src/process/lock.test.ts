import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { takeLock } from "./lock.ts";

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "waitlist-lock-"));
  path = join(folder, "lock");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

it("is taken by one of many at a time, and can be taken again when released", async () => {
  const locks = await Promise.all(Array.from({ length: 20 }, () => takeLock(path)));
  const held = locks.filter((lock) => lock.held);
  expect(held).toHaveLength(1);
  expect((await takeLock(path)).held).toBe(false);
  await held[0]?.release();
  expect((await takeLock(path)).held).toBe(true);
});

it("is nobody's when its process has ended, even where another has its pid now", async () => {
  await writeFile(path, JSON.stringify({ pid: process.pid, startedAt: "another time" }));
  expect((await takeLock(path)).held).toBe(true);
});

it("is nobody's when the file was cut off by a crash", async () => {
  await writeFile(path, '{"pi');
  expect((await takeLock(path)).held).toBe(true);
});
