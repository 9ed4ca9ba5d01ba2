import { join } from "node:path";
import { execa } from "execa";
import { MissingPrerequisite } from "../errors.ts";

/** Kafka 4 runs on 17 or later: its release notes, "Java 17 for brokers". */
const OLDEST = 17;
const INSTALL = `install a JDK ${OLDEST} or newer (Debian: apt install openjdk-17-jdk-headless; macOS: brew install openjdk@17)`;

export interface Java {
  major: number;
  /** Everything that a class-data archive depends on. */
  fullVersion: string;
  tool(name: "java" | "javac" | "jar"): string;
}

/**
 * The JDK of JAVA_HOME, or the one on the PATH.
 * @throws MissingPrerequisite when there is none, or it is too old
 */
export async function findJava(env: NodeJS.ProcessEnv): Promise<Java> {
  const home = env.JAVA_HOME;
  const tool = (name: string) => (home ? join(home, "bin", name) : name);
  const { failed, stderr } = await execa(tool("java"), ["-version"], {
    env,
    extendEnv: false,
    reject: false,
  });
  const where = home ? `the JAVA_HOME ${home}` : "the PATH";
  if (failed) throw new MissingPrerequisite(`There is no Java in ${where}: ${INSTALL}.`);
  const major = majorOf(stderr);
  if (major < OLDEST) throw new MissingPrerequisite(`Java ${major} in ${where} is too old: ${INSTALL}.`);
  return { major, fullVersion: stderr, tool };
}

/** "1.8.0_292" is Java 8, "17.0.15" is Java 17. */
export function majorOf(versionOutput: string): number {
  const match = /version "(?:1\.)?(\d+)/.exec(versionOutput);
  return Number(match?.[1] ?? 0);
}

/** @throws MissingPrerequisite when only a runtime is there, without the compiler */
export async function requireCompiler(java: Java, env: NodeJS.ProcessEnv): Promise<void> {
  const { failed } = await execa(java.tool("javac"), ["-version"], { env, extendEnv: false, reject: false });
  if (failed)
    throw new MissingPrerequisite(`Java ${java.major} is here without its compiler (javac): ${INSTALL}.`);
}
