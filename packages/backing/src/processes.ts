// The services that run as processes of ours: embedded, or by a program of the machine's own.
import { kafkaArchive } from "./embedded/class-data.ts";
import { planKafka } from "./embedded/kafka.ts";
import { planMailbox } from "./embedded/mailbox.ts";
import { planMongodb } from "./embedded/mongodb.ts";
import { type Prepared, prepare } from "./embedded/prepare.ts";
import { planRedis } from "./embedded/redis.ts";
import { embeddedRedis } from "./embedded/redis-binary.ts";
import { type Launch, type LaunchContext, type Launched, launch } from "./launch.ts";
import { planMongod } from "./local/mongod.ts";
import type { RecordedOrigin } from "./record.ts";
import type { BackingName, OnEvent } from "./types.ts";

export type StartProcess = (name: BackingName, origin: RecordedOrigin) => Promise<Launched>;

export function createProcessStarter(context: LaunchContext, onEvent: OnEvent): StartProcess {
  const say = (message: string) => onEvent({ name: "embedded", kind: "progress", message });
  let preparation: Promise<Prepared> | undefined;
  const prepared = () => {
    preparation ??= prepare(context.env, say);
    return preparation;
  };

  const embedded: Record<BackingName, () => Promise<() => Promise<Launch>>> = {
    kafka: async () => {
      const ready = await prepared();
      const archive = await kafkaArchive(ready, context.env, say);
      return () => planKafka(context, ready, archive);
    },
    mongodb: async () => {
      const ready = await prepared();
      return () => planMongodb(context, ready);
    },
    redis: async () => {
      const command = embeddedRedis((await prepared()).folder);
      return () => planRedis(context, command);
    },
    mailbox: async () => () => planMailbox(context),
  };
  const local: Partial<Record<BackingName, () => Promise<Launch>>> = {
    mongodb: () => planMongod(context),
    redis: () => planRedis(context, "redis-server"),
  };

  return async (name, origin) => {
    const plan = (origin === "local" ? local[name] : undefined) ?? (await embedded[name]());
    return launch(context, plan, onEvent);
  };
}
