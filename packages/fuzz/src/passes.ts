// The runs of the tool over one system: with all that it needs, with nothing, and one that has to find a fault.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { CONFIG } from "./tool.ts";

/** The same seed makes the same requests; another one is a setting. */
export const SEED = process.env.FUZZ_SEED ?? "20260301";
/** For each pass, in milliseconds: some seven seconds an operation on two slow cores, and as much again. */
const PASS_WITHIN_MS = 720_000;

export interface Tool {
  command: string;
  /** Where it may leave things. */
  folder: string;
  gateway: string;
}

const WITH_KEYS = ["--phases", "examples,coverage,fuzzing,stateful", "--max-examples", "40"];
// Nothing to show is what that pass is about: no warning.
const WITH_NONE = ["--phases", "examples,coverage,fuzzing", "--max-examples", "15", "--warnings", "off"];
const PLANTED = [
  "--phases",
  "fuzzing",
  "--max-examples",
  "10",
  "--include-path",
  "/v1/waitlists/{waitlistId}",
];

/** With an admin key, about lists and people that exist: `sample` names the file with them. Whether nothing was found. */
export const passWithKeys = (tool: Tool, sample: string): Promise<boolean> =>
  pass(tool, [`${tool.gateway}/openapi.json`, ...WITH_KEYS], { FUZZ_SAMPLE: sample });

/** With no key and no token, about nothing that exists. Whether nothing was found. */
export const passWithNone = (tool: Tool): Promise<boolean> =>
  pass(tool, [`${tool.gateway}/openapi.json`, ...WITH_NONE]);

/** The control: of a document without one answer that is given, the tool has to complain. Whether it did. */
export async function findsPlantedFault(tool: Tool): Promise<boolean> {
  const document = (await (await fetch(`${tool.gateway}/openapi.json`)).json()) as {
    paths: Record<string, { get?: { responses: Record<string, unknown> } }>;
  };
  delete document.paths["/v1/waitlists/{waitlistId}"]?.get?.responses["404"];
  const file = join(tool.folder, "planted.json");
  await writeFile(file, JSON.stringify(document));
  return !(await pass(tool, [file, "--url", tool.gateway, ...PLANTED], {}, "ignore"));
}

async function pass(
  { command, folder }: Tool,
  args: string[],
  env: Record<string, string> = {},
  output: "inherit" | "ignore" = "inherit",
): Promise<boolean> {
  const config = join(CONFIG, "schemathesis.toml");
  const { exitCode, timedOut } = await execa(
    command,
    ["--config-file", config, "run", ...args, "--seed", SEED],
    {
      cwd: folder,
      env: { PYTHONPATH: CONFIG, PYTHONDONTWRITEBYTECODE: "1", ...env },
      stdout: output,
      stderr: output,
      reject: false,
      timeout: PASS_WITHIN_MS,
    },
  );
  if (timedOut) throw new Error(`A pass took longer than ${PASS_WITHIN_MS / 1000} s.`);
  return exitCode === 0;
}
