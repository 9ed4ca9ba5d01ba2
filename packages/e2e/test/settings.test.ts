// What a service says, and how it ends, where its settings are missing or wrong: the real processes.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "waitlist-settings-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Env = Record<string, string>;

/** A service's process with nothing of our environment, to its end. */
async function run(service: string, env: Env) {
  const main = fileURLToPath(new URL(`../../../services/${service}/src/main.ts`, import.meta.url));
  const child = spawn(process.execPath, [main], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { stdout, stderr, code };
}

/** Part of every wrong value: it must be nowhere in what the process says. */
const CANARY = "canary";
const SECRET = "a secret of sixteen";
const RIGHT: Env = {
  ...{ PUBLIC_URL: "https://waitlist.test", KAFKA_BROKERS: "127.0.0.1:1", REDIS_URL: "redis://127.0.0.1:1" },
  ...{ MONGODB_URL: "mongodb://127.0.0.1:1", SMTP_URL: "smtp://127.0.0.1:1", PORT: "0" },
  ...{ STORAGE_URL: "http://127.0.0.1:1", EMAIL_URL: "http://127.0.0.1:1", INVITE_URL: "http://127.0.0.1:1" },
  ...{ INTERNAL_TOKEN: SECRET, ENTRY_ID_SECRET: SECRET, TOKEN_KEYS: `k1:${SECRET}` },
};

const WRONG: Record<string, Env> = {
  gateway: {
    ...{ PORT: CANARY, KAFKA_BROKERS: "", REDIS_URL: CANARY, ENTRY_ID_SECRET: CANARY, LOG_LEVEL: CANARY },
    ...{ TOKEN_KEYS: `k1:short,${CANARY} without a colon`, ADMIN_KEYS: `${CANARY}:admin:${CANARY}` },
    ...{ RATE_LIMIT: CANARY, TRUST_PROXY: CANARY, INTERNAL_TOKEN_FILE: `/nowhere/${CANARY}` },
  },
  storage: { MONGODB_URL: `postgres://${CANARY}`, EVENT_PARTITIONS: "0", INTERNAL_TOKEN: CANARY },
  email: {
    ...{ MAIL_TRANSPORT: "ses", DKIM_DOMAIN: `${CANARY}.example`, MAIL_LEASE_MS: "1", SMTP_URL: CANARY },
    ...{ MAIL_FROM: `${CANARY}@`, TOKEN_KEYS: `k1:${CANARY},k1:${CANARY} of which there are two` },
  },
  invite: { ENTRY_ID_SECRET: "", SCHEDULE_INTERVAL_MS: CANARY, TOPIC_PREFIX: `${CANARY}!` },
};

describe.each(Object.entries(WRONG))("%s", (service, wrong) => {
  test("ends with 1 and names each setting that is missing or wrong, in one line and without a value", async () => {
    const { INTERNAL_TOKEN: _given, ...others } = RIGHT;
    const token = "INTERNAL_TOKEN_FILE" in wrong ? {} : { INTERNAL_TOKEN: SECRET };
    const { stdout, stderr, code } = await run(service, { ...others, ...token, ...wrong });
    expect(code).toBe(1);
    expect(stderr).toBe("");
    const lines = stdout.trim().split("\n");
    expect(lines).toHaveLength(1);
    const { level, msg } = JSON.parse(lines[0] ?? "");
    expect(level).toBe(60);
    // The region is asked for by a transport that fits; a wrong SMTP_URL stands before it.
    for (const name of Object.keys(wrong).filter((each) => each !== "MAIL_TRANSPORT"))
      expect(msg).toContain(name);
    expect(stdout).not.toContain(CANARY);
  });

  test("takes each from the file that its _FILE names, and so finds nothing else wrong", async () => {
    const files = Object.entries(RIGHT).map(([name, value]) => {
      const file = join(folder, `${service}-${name}`);
      writeFileSync(file, `${value}\n`);
      return [`${name}_FILE`, file];
    });
    const { stdout, code } = await run(service, { ...Object.fromEntries(files), LOG_LEVEL: "loud" });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).msg).toBe(
      "Settings are missing or wrong. LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent.",
    );
  });
});
