import { existsSync } from "node:fs";

/**
 * How every JVM of ours starts. One simple collector suits a heap this small. The first compiler alone makes Kafka ready in
 * a third of the time; the database, which starts at once anyway, does half as much again with both.
 */
export function jvmArgs(
  main: "KafkaServer" | "MongoServer",
  args: string[],
  options: { classpath: string; heapMb: number; archive?: string | null },
): string[] {
  return [
    `-Xmx${options.heapMb}m`,
    "-XX:+UseSerialGC",
    ...(main === "KafkaServer" ? ["-XX:TieredStopAtLevel=1"] : []),
    "-XX:+ExitOnOutOfMemoryError",
    // Where the archive doesn't fit this JVM after all, it goes on without (-Xshare:auto).
    ...(options.archive && existsSync(options.archive) ? [`-XX:SharedArchiveFile=${options.archive}`] : []),
    "-Djava.awt.headless=true",
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS",
    "-cp",
    options.classpath,
    main,
    ...args,
  ];
}
