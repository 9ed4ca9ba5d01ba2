// Makes, once, what all homes share: the jars, the compiled launchers, Redis's binary and Kafka's class-data archive.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { StartFailed } from "../errors.ts";
import { takeLock } from "../process/lock.ts";
import { until } from "../process/until.ts";
import { findJava, type Java, requireCompiler } from "./java.ts";
import { fetchJars } from "./maven.ts";
import { unpackRedis } from "./redis-binary.ts";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const SOURCES = join(root, "infra/embedded");
const CACHE = join(root, "node_modules/.cache/waitlist-embedded");

export interface Prepared {
  java: Java;
  folder: string;
  /** Sorted: a class-data archive is valid for one order of jars only. */
  classpath: string;
}

/** At most one such message in this time, in milliseconds. */
const SAY_EVERY_MS = 500;
const WAIT_FOR_ANOTHER_MS = 10 * 60_000;

/**
 * The folder with everything that the embedded processes run from; made at the first call on this machine.
 * @throws MissingPrerequisite when Java or Maven is missing, or the jars can't be fetched
 */
export async function prepare(env: NodeJS.ProcessEnv, say: (message: string) => void): Promise<Prepared> {
  const java = await findJava(env);
  const folder = join(CACHE, await keyOfSources());
  if (!existsSync(folder)) await makeOnce(folder, java, env, say);
  const jars = (await readdir(join(folder, "jars"))).sort();
  return { java, folder, classpath: jars.map((jar) => join(folder, "jars", jar)).join(":") };
}

/** A changed pom or launcher is another folder. */
async function keyOfSources(): Promise<string> {
  const hash = createHash("sha256");
  for (const file of (await readdir(SOURCES)).sort()) hash.update(await readFile(join(SOURCES, file)));
  return hash.digest("hex").slice(0, 12);
}

/** Where two starts run side by side, one makes the folder and the other waits; it appears whole or not at all. */
async function makeOnce(folder: string, java: Java, env: NodeJS.ProcessEnv, say: (message: string) => void) {
  const lock = await takeTurn(`${folder}.lock`, () => existsSync(folder), say);
  const temporary = `${folder}.${process.pid}.tmp`;
  try {
    if (existsSync(folder)) return;
    await make(temporary, java, env, say);
    await rename(temporary, folder);
  } finally {
    await rm(temporary, { recursive: true, force: true });
    await lock?.release();
  }
}

/** The lock, or null when another start has finished while we waited for it. */
async function takeTurn(path: string, finished: () => boolean, say: (message: string) => void) {
  let lock = await takeLock(path);
  if (!lock.held) say("waiting for another start that is fetching Kafka and MongoDB");
  const over = async () => {
    if (finished()) return true;
    if (!lock.held) lock = await takeLock(path);
    return lock.held;
  };
  if (await until(over, WAIT_FOR_ANOTHER_MS, { everyMs: 200 })) return lock.held ? lock : null;
  throw new StartFailed(
    `Another start has been fetching Kafka and MongoDB for too long; its lock is ${path}.`,
  );
}

async function make(folder: string, java: Java, env: NodeJS.ProcessEnv, say: (message: string) => void) {
  await requireCompiler(java, env);
  const [jars, classes] = [join(folder, "jars"), join(folder, "classes")];
  let saidAt = Number.NEGATIVE_INFINITY;
  await fetchJars(join(SOURCES, "pom.xml"), jars, env, (files, bytes) => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return;
    saidAt = performance.now();
    const size = Math.ceil(bytes / 1e6);
    say(`downloading Kafka and MongoDB (first start only): ${files} files, ${size} MB`);
  });
  const launchers = (await readdir(SOURCES)).filter((file) => file.endsWith(".java"));
  const sources = launchers.map((file) => join(SOURCES, file));
  const options = { env, extendEnv: false };
  await execa(
    java.tool("javac"),
    ["-encoding", "UTF-8", "--release", "17", "-cp", join(jars, "*"), "-d", classes, ...sources],
    options,
  );
  // A jar, since class-data archives leave folders out.
  await execa(java.tool("jar"), ["cf", join(jars, "waitlist-launchers.jar"), "-C", classes, "."], options);
  await unpackRedis(folder, java, env);
}
