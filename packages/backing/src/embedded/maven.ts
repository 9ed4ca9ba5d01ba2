import { execa } from "execa";
import { MissingPrerequisite } from "../errors.ts";

/** Maven's own line for a file that has arrived: "Downloaded from central: https://… (9.8 MB at 12 MB/s)". */
const DOWNLOADED = /^(?:\[INFO\] )?Downloaded from \S+ \S+\.jar \((\d+(?:\.\d+)?) ([kM]?B)/;
const BYTES: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6 };

/** The size in bytes of the jar that this line of Maven's output reports, or null. */
export function downloadedBytes(line: string): number | null {
  const match = DOWNLOADED.exec(line);
  return match ? Number(match[1]) * (BYTES[match[2] ?? ""] ?? 0) : null;
}

/**
 * Copies the jars that the pom names into a folder, from Maven's local repository or its remote ones.
 * @throws MissingPrerequisite when Maven isn't installed, or the jars can't be had
 */
export async function fetchJars(
  pom: string,
  into: string,
  env: NodeJS.ProcessEnv,
  onProgress: (files: number, bytes: number) => void,
): Promise<void> {
  const goal = ["dependency:copy-dependencies", `-DoutputDirectory=${into}`, "-DincludeScope=runtime"];
  const maven = execa("mvn", ["--batch-mode", "--file", pom, ...goal], { env, extendEnv: false, all: true });
  let files = 0;
  let bytes = 0;
  const errors: string[] = [];
  try {
    for await (const line of maven.iterable({ from: "all" })) {
      const size = downloadedBytes(line);
      if (size !== null) {
        files += 1;
        bytes += size;
        onProgress(files, bytes);
      }
      if (line.includes("[ERROR]")) errors.push(line);
    }
  } catch (error) {
    throw missing(error as NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }, errors);
  }
}

function missing(error: NodeJS.ErrnoException & { cause?: NodeJS.ErrnoException }, lines: string[]) {
  if ((error.code ?? error.cause?.code) === "ENOENT") {
    return new MissingPrerequisite(
      "There is no Maven (mvn) on the PATH: install it (Debian: apt install maven; macOS: brew install maven), " +
        "or set KAFKA_BROKERS, MONGODB_URL and REDIS_URL to servers of your own.",
    );
  }
  return new MissingPrerequisite(
    "Maven could not fetch the jars of Kafka and MongoDB, which the first start needs the network for " +
      "(behind a proxy or mirror, say so in ~/.m2/settings.xml).",
    { cause: new Error(lines.slice(0, 5).join("\n")) },
  );
}
