// What a batch needs of memory doesn't grow with it: it is chosen, marked and put on the log in chunks.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, inject, test } from "vitest";

const CHILD = fileURLToPath(new URL("support/heap-of-a-batch.ts", import.meta.url));
const { mongodb } = inject("backing");

/** Runs a batch of everybody on a list; how much of the heap was in use at most, in MiB. */
async function heapOf(people: number, ...keeping: "together"[]): Promise<number> {
  const args = ["--expose-gc", CHILD, mongodb, String(people), ...keeping];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { highest, ...outcome } = JSON.parse(stdout) as { highest: number };
  expect(outcome).toEqual({ allocated: people, isOnLog: true });
  return highest / 2 ** 20;
}

test("a batch of 100,000 takes hardly more memory than one of 20,000", async () => {
  const small = await heapOf(20_000);
  const large = await heapOf(100_000);
  // This measure would show it: twice as much of a batch in memory.
  const together = await heapOf(20_000, "together");
  expect(together - small).toBeGreaterThan(2);
  expect(large - small).toBeLessThan((together - small) / 2);
}, 300_000);
