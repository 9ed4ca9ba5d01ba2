// Kafka loads 9,000 classes. An archive of them, made by one trial run, takes its start from 1.5 s to 0.8 s here.
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, releasePorts } from "../ports.ts";
import { kafkaAnswers } from "../probe.ts";
import { stopChild } from "../process/child.ts";
import { spawnGuarded } from "../process/guard.ts";
import { withLogFile } from "../process/log-file.ts";
import { until } from "../process/until.ts";
import { kafkaArgs } from "./kafka.ts";
import type { Prepared } from "./prepare.ts";

const READY_WITHIN_MS = 30_000;
const WRITTEN_WITHIN_MS = 30_000;

/**
 * The archive for this JVM, made where there is none yet. It only saves time, so no failure of it is a failure of
 * the start: the answer is null then, and no further start tries again.
 */
export async function kafkaArchive(
  prepared: Prepared,
  env: NodeJS.ProcessEnv,
  say: (message: string) => void,
): Promise<string | null> {
  const version = createHash("sha256").update(prepared.java.fullVersion).digest("hex").slice(0, 8);
  const archive = join(prepared.folder, `kafka-${version}.jsa`);
  const givenUp = `${archive}.none`;
  if (existsSync(archive)) return archive;
  if (existsSync(givenUp)) return null;
  say("preparing Kafka for quick starts (first start only)");
  const trial = `${archive}.${randomUUID()}.tmp`;
  try {
    const written = await trialRun(trial, prepared, env);
    if (written) await rename(join(trial, "classes.jsa"), archive);
    else await writeFile(givenUp, "The trial run left no archive.\n");
    return written ? archive : null;
  } catch (error) {
    await writeFile(givenUp, `${error}\n`);
    return null;
  } finally {
    await rm(trial, { recursive: true, force: true });
  }
}

/** Starts Kafka on an empty folder, and lets it write the archive as it stops. Answers whether it did. */
async function trialRun(folder: string, prepared: Prepared, env: NodeJS.ProcessEnv): Promise<boolean> {
  await mkdir(folder, { recursive: true });
  const ports = { broker: await freePort(0), controller: await freePort(0) };
  const args = await kafkaArgs(join(folder, "kafka"), ports, prepared, null);
  const archive = join(folder, "classes.jsa");
  const child = await withLogFile(join(folder, "kafka.log"), (logFd) =>
    spawnGuarded({
      command: prepared.java.tool("java"),
      args: [`-XX:ArchiveClassesAtExit=${archive}`, ...args],
      env,
      logFd,
    }),
  );
  const over = new AbortController();
  void child.exited.then(() => over.abort());
  await until(() => kafkaAnswers(ports.broker), READY_WITHIN_MS, { signal: over.signal });
  await stopChild(child, "SIGTERM", WRITTEN_WITHIN_MS);
  const how = await child.exited;
  await releasePorts(Object.values(ports));
  return how === "SIGTERM" && existsSync(archive);
}
