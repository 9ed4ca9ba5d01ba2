export { IMAGES } from "./containers/specs.ts";
export { type KafkaCluster, startKafkaCluster } from "./embedded/kafka-cluster.ts";
export { runKafkaTool } from "./embedded/kafka-tool.ts";
export * from "./errors.ts";
export { freePort, releasePorts } from "./ports.ts";
export { type SuperviseOptions, supervise } from "./process/supervise.ts";
export { startBacking } from "./start-backing.ts";
export * from "./types.ts";
