// Where Prometheus' own tool comes from: the machine, Debian's package, or the Go module proxy.
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";

/** Built where Debian has none. */
const MODULE = "github.com/prometheus/prometheus/cmd/promtool@v0.316.0";
const DOWNLOAD_WITHIN_MS = 120_000;
const BUILD_WITHIN_MS = 900_000;

/** Why there is no tool, one reason a way. */
export class NoPromtool extends Error {
  override name = "NoPromtool";
}

/** Kept between runs. */
const home = join(tmpdir(), "waitlist-promtool");

const ways: Record<string, () => Promise<string>> = {
  PROMTOOL: async () => process.env.PROMTOOL ?? Promise.reject(new Error("not set")),
  "the machine's": async () => {
    await execa("promtool", ["--version"]);
    return "promtool";
  },
  "Debian's package": async () => {
    const tool = join(home, "usr/bin/promtool");
    if (existsSync(tool)) return tool;
    await mkdir(home, { recursive: true });
    await execa("apt-get", ["download", "prometheus"], { cwd: home, timeout: DOWNLOAD_WITHIN_MS });
    const archive = (await readdir(home)).find((name) => name.endsWith(".deb"));
    await execa("dpkg-deb", ["-x", join(home, archive ?? ""), home]);
    return tool;
  },
  "the Go module": async () => {
    const tool = join(home, "promtool");
    if (existsSync(tool)) return tool;
    await execa("go", ["install", MODULE], { env: { GOBIN: home }, timeout: BUILD_WITHIN_MS });
    return tool;
  },
};

/** The tool's command. Throws `NoPromtool`. */
export async function findPromtool(): Promise<string> {
  const failures: string[] = [];
  for (const [way, find] of Object.entries(ways)) {
    try {
      return await find();
    } catch (error) {
      const [why = ""] = String(error instanceof Error ? error.message : error).split("\n");
      failures.push(`${way}: ${why}`);
    }
  }
  throw new NoPromtool(failures.join("; "));
}
