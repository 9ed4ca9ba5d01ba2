import { execa } from "execa";
import { prepare } from "./prepare.ts";

/** Kafka's own tools that its jars bring along, by the names of their scripts. */
const TOOLS = { "kafka-consumer-groups": "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand" };

/**
 * Runs one of Kafka's own command-line tools; answers what it prints.
 * @throws MissingPrerequisite when there is no JDK or Maven, or execa's error when the tool fails
 */
export async function runKafkaTool(
  tool: keyof typeof TOOLS,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const { java, classpath } = await prepare(env, () => undefined);
  const { stdout } = await execa(
    java.tool("java"),
    ["-XX:TieredStopAtLevel=1", "-cp", classpath, TOOLS[tool], ...args],
    { env, extendEnv: false },
  );
  return stdout;
}
