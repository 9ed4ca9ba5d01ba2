// `pnpm run doctor`: looks at an installation and says what is wrong, in words. It only reads, so it runs beside a live one.
import { parseArgs } from "node:util";
import { tell } from "@waitlist/runtime";
import { examine } from "./examine.ts";
import { CannotLook, readInstallation } from "./installation.ts";

const USAGE = `Usage: pnpm run doctor [--json]

Looks at settings, keys, Kafka and its topics, the databases and their indexes, Redis, the clocks, the services and mail, and
says what is wrong and what to do. It only reads.

It reads the settings of all services from the environment; where KAFKA_BROKERS, MONGODB_URL and REDIS_URL aren't all set, it
takes what isn't set from the installation in WAITLIST_HOME (default .waitlist).
It ends with 0 where nothing is wrong, 1 where something is, and 2 where it could not look.
`;

function readRequest(): { json: boolean; help: boolean } {
  try {
    const options = {
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    } as const;
    return parseArgs({ options }).values;
  } catch (cause) {
    throw new CannotLook(`There is no such option.\n\n${USAGE}`, { cause });
  }
}

try {
  const { json, help } = readRequest();
  if (help) {
    process.stdout.write(USAGE);
  } else {
    const findings = await examine(await readInstallation(process.env));
    const wrong = findings.filter(({ state }) => state === "wrong").length;
    process.stdout.write(json ? `${JSON.stringify({ wrong, findings }, null, 2)}\n` : tell(findings));
    process.exitCode = wrong === 0 ? 0 : 1;
  }
} catch (error) {
  if (!(error instanceof CannotLook)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
