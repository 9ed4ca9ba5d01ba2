// `pnpm audit:order`: whether positions and allocations are what the log makes them, by code that shares nothing with
// the services but the contracts. It only reads, so it runs beside a live system.
import { eventsTopic } from "@waitlist/contracts";
import { type Audit, audit } from "./audit.ts";
import { CannotAudit } from "./cannot-audit.ts";
import { type Config, type Request, readConfig, readRequest, USAGE } from "./config.ts";
import { openMongoDatabases } from "./databases/mongo-databases.ts";
import { readInstallation } from "./installation.ts";
import { openKafkaLog } from "./log/kafka-log.ts";
import { textOf } from "./report/text.ts";

async function run(config: Config, { waitlistId, waitMs }: Request): Promise<Audit> {
  const { secret } = config;
  const databases = await openMongoDatabases(config.mongodb);
  try {
    const partitions = await readInstallation(databases, { secret, asked: config.partitions });
    const log = await openKafkaLog(config.brokers, eventsTopic(partitions, config.topicPrefix).name);
    try {
      return await audit({
        log,
        databases,
        secret,
        partitions,
        waitMs,
        ...(waitlistId ? { waitlistId } : {}),
      });
    } finally {
      await log.close();
    }
  } finally {
    await databases.close();
  }
}

try {
  const request = readRequest(process.argv.slice(2));
  if (request.help) {
    process.stdout.write(USAGE);
  } else {
    const result = await run(await readConfig(process.env), request);
    process.stdout.write(request.json ? `${JSON.stringify(result, null, 2)}\n` : textOf(result));
    process.exitCode = result.differences === 0 ? 0 : 1;
  }
} catch (error) {
  const { message } = error as Error;
  process.stderr.write(
    error instanceof CannotAudit ? `${message}\n` : `The audit could not go on: ${message}\n`,
  );
  process.exitCode = 2;
}
