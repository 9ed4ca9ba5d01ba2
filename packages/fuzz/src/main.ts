// `pnpm fuzz`: requests made up from the OpenAPI document, against the whole system on data of its own. The last line
// says what came of it. Where the tool can't be had, it is left out with a sentence; with FUZZ_REQUIRED=1 that is a failure.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSystem } from "@waitlist/launcher";
import { findDamage } from "./aftermath.ts";
import { findsPlantedFault, passWithKeys, passWithNone, SEED } from "./passes.ts";
import { makeSample } from "./sample.ts";
import { installTool, NoTool } from "./tool.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Whether all held. */
async function fuzz(command: string, folder: string): Promise<boolean> {
  const home = join(folder, "home");
  const damage: string[] = [];
  const system = await startSystem({
    home,
    mode: "auto",
    env: { ...process.env, RATE_LIMIT: "off" },
    onEvent: ({ name, kind, message }) => {
      if (kind === "exited" || kind === "restarting") damage.push(`${name} ${kind}: ${message}`);
    },
  });
  try {
    const tool = { command, folder, gateway: system.endpoints.gateway };
    const sample = join(folder, "sample.json");
    await writeFile(sample, JSON.stringify(await makeSample(system)), { mode: 0o600 });
    say(`Made-up requests with an admin key, about lists and people that exist (seed ${SEED}).`);
    const withKeys = await passWithKeys(tool, sample);
    say(`Made-up requests with nothing to show (seed ${SEED}).`);
    const withNone = await passWithNone(tool);
    if (!(await findsPlantedFault(tool))) damage.push("The tool didn't find a planted fault.");
    damage.push(...(await findDamage(system, home)));
    for (const sentence of damage) say(sentence);
    return withKeys && withNone && damage.length === 0;
  } finally {
    await system.stop();
  }
}

const folder = await mkdtemp(join(tmpdir(), "waitlist-fuzz-"));
try {
  const held = await fuzz(await installTool(join(folder, "venv")), folder);
  say(held ? "Fuzzing: passed." : "Fuzzing: FAILED; what failed stands above.");
  process.exitCode = held ? 0 : 1;
} catch (error) {
  if (!(error instanceof NoTool)) throw error;
  const isRequired = process.env.FUZZ_REQUIRED === "1";
  say(
    `Fuzzing: NOT RUN, because ${error.message}.${isRequired ? " FUZZ_REQUIRED asks for it: FAILED." : ""}`,
  );
  process.exitCode = isRequired ? 1 : 0;
} finally {
  await rm(folder, { recursive: true, force: true });
}
