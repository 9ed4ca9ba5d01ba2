import { BROKER_SETTINGS } from "../embedded/kafka.ts";
import { kafkaAnswers, mongodbAnswers, redisAnswers } from "../probe.ts";
import type { BackingName, BackingUrls } from "../types.ts";

export interface ContainerSpec {
  /** The variable that names another image (a mirror's, a newer one), and the image without it. */
  imageVariable: string;
  image: string;
  port: number;
  /** Where the image keeps its data. */
  dataFolder: string;
  command?: string[];
  environment(address: string): Record<string, string>;
  ready(port: number, host: string): Promise<boolean>;
  urls(address: string): Partial<BackingUrls>;
}

/** The mailbox isn't one: maildev runs from our own dependencies, as a process. */
export const SPECS: Record<Exclude<BackingName, "mailbox">, ContainerSpec> = {
  kafka: {
    imageVariable: "KAFKA_IMAGE",
    image: "apache/kafka:4.1.1",
    port: 9092,
    dataFolder: "/var/lib/kafka/data",
    environment: kafkaEnvironment,
    ready: kafkaAnswers,
    urls: (address) => ({ kafka: address }),
  },
  mongodb: {
    imageVariable: "MONGO_IMAGE",
    image: "mongo:8",
    port: 27017,
    dataFolder: "/data/db",
    environment: () => ({}),
    ready: mongodbAnswers,
    urls: (address) => ({ mongodb: `mongodb://${address}` }),
  },
  redis: {
    imageVariable: "REDIS_IMAGE",
    image: "redis:8-alpine",
    port: 6379,
    dataFolder: "/data",
    // Unprotected inside the container: the port is published on the loopback interface only.
    command: [
      ...["redis-server", "--protected-mode", "no"],
      ...["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""],
    ],
    environment: () => ({}),
    ready: redisAnswers,
    urls: (address) => ({ redis: `redis://${address}` }),
  },
};

/** The usual image of each. */
export const IMAGES = { kafka: SPECS.kafka.image, mongodb: SPECS.mongodb.image, redis: SPECS.redis.image };

/** The image turns KAFKA_A_B into the setting a.b. */
export function kafkaEnvironment(address: string): Record<string, string> {
  const settings = {
    ...BROKER_SETTINGS,
    "controller.quorum.voters": "1@localhost:9093",
    listeners: "PLAINTEXT://:9092,CONTROLLER://:9093",
    "advertised.listeners": `PLAINTEXT://${address}`,
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": SPECS.kafka.dataFolder,
  };
  const variables = Object.entries(settings).map(([key, value]) => [
    `KAFKA_${key.toUpperCase().replaceAll(".", "_")}`,
    String(value),
  ]);
  return { ...Object.fromEntries(variables), KAFKA_HEAP_OPTS: "-Xmx512m" };
}
