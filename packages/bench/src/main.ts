// `pnpm bench`: ratios from interleaved rounds in one run, on data of its own. Absolute numbers of a shared machine say little.
// `pnpm bench mails status` runs only those.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type System, startSystem } from "@waitlist/launcher";
import { type Start, showFootprint } from "./footprint.ts";
import { type Found, PARTS } from "./parts.ts";
import { showRows } from "./table.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

async function timedStart(home: string): Promise<{ system: System; start: Start }> {
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const ready = new Map<string, number>();
  const system = await startSystem({
    home,
    mode: "auto",
    env: { ...process.env, RATE_LIMIT: "off" },
    onEvent: ({ name, kind }) => {
      if (kind === "ready") ready.set(name, elapsed());
    },
  });
  return { system, start: { seconds: elapsed(), ready } };
}

/** Those that are named on the command line; all of them where none is. */
function choose(names: string[]) {
  const unknown = names.filter((name) => !(name in PARTS));
  if (unknown.length > 0) {
    throw new Error(
      `there is no benchmark ${unknown.join(", ")}: choose of ${Object.keys(PARTS).join(", ")}`,
    );
  }
  return Object.entries(PARTS)
    .filter(([name]) => names.length === 0 || names.includes(name))
    .map(([, part]) => part);
}

const chosen = choose(process.argv.slice(2));
const home = await mkdtemp(join(tmpdir(), "waitlist-bench-"));
try {
  say("Starting on fresh data, then again on what that left.");
  const first = await timedStart(home);
  await first.system.stop();
  const { system, start } = await timedStart(home);
  try {
    const found: Found[] = [];
    for (const { about, run } of chosen) {
      say(about);
      found.push(await run(system));
    }
    const rows = found.flatMap((each) => each.rows);
    if (rows.length > 0) showRows("Ratios, medians of interleaved rounds", rows);
    for (const { words } of found) if (words) say(words);
    await showFootprint(system, first.start, start);
  } finally {
    await system.stop();
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
