import { setTimeout as wait } from "node:timers/promises";

const POLL_MS = 150;
const WITHIN_MS = 60_000;

/** Asks again until the answer is yes; throws after a minute. */
export async function until(check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  while (!(await check())) {
    if (performance.now() > deadline)
      throw new Error("The demo waited a minute for a step that should take seconds.");
    await wait(POLL_MS);
  }
}

/** One line that is written over and over on a terminal; a line a step elsewhere. */
export function createProgress() {
  const { isTTY } = process.stdout;
  let last = "";
  return {
    /** Shows how far a step is, and tells whether it is done. */
    show: (what: string, done: number, of: number): boolean => {
      if (isTTY) process.stdout.write(`\r\u001b[K  ${what} ${done}/${of}`);
      else if (done >= of && what !== last) process.stdout.write(`  ${what} ${done}/${of}\n`);
      if (done >= of) last = what;
      return done >= of;
    },
    end: (): void => {
      if (isTTY) process.stdout.write("\r\u001b[K");
    },
  };
}
