// `pnpm monitoring:check`: Prometheus' own tool reads its configuration and the rules, runs their tests, and reads what dashboards ask.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";
import { CONFIG, filesIn, RULE_TESTS, RULES, readPanels } from "./expressions.ts";
import { findPromtool, NoPromtool } from "./promtool.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

/** The tool knows rules and no dashboards: each question becomes a rule of its own. */
const asRules = () => ({
  groups: [
    {
      name: "dashboards",
      rules: readPanels().map(({ promql }, index) => ({ record: `panel:${index}`, expr: promql })),
    },
  ],
});

async function check(promtool: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "waitlist-panels-"));
  try {
    const panels = join(folder, "panels.yml");
    await writeFile(panels, stringify(asRules()));
    for (const args of [
      ["check", "config", CONFIG],
      ["check", "rules", ...filesIn(RULES)],
      ["test", "rules", ...filesIn(RULE_TESTS)],
      ["check", "rules", panels],
    ]) {
      await execa(promtool, args, { stdio: ["ignore", "inherit", "inherit"] });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

try {
  await check(await findPromtool());
  say("Monitoring: configuration, rules, their tests and dashboards checked by promtool.");
} catch (error) {
  const why = error instanceof Error ? error.message.split("\n")[0] : String(error);
  if (error instanceof NoPromtool) {
    say(`Monitoring: SKIPPED, promtool can't be had (${why}).`);
  } else {
    say(`Monitoring: FAILED (${why}).`);
    process.exitCode = 1;
  }
}
