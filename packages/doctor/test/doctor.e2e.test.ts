// `pnpm run doctor` as it is typed, beside a whole system: by its home, and by settings of one's own.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type System, startSystem } from "@waitlist/launcher";
import type { Finding } from "@waitlist/runtime";
import { afterAll, beforeAll, expect, test } from "vitest";

let home: string;
let system: System;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-doctor-"));
  system = await startSystem({ home, mode: "auto", env: process.env });
});
afterAll(async () => {
  await system.stop();
  await rm(home, { recursive: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
const run = (env: Record<string, string>, ...args: string[]): Promise<Ended> =>
  promisify(execFile)(process.execPath, [main, ...args], { env }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: Ended) => ({ code, stdout, stderr }),
  );

test("by its home, a start that runs has nothing wrong", async () => {
  const { code, stdout } = await run({ WAITLIST_HOME: home });
  expect(stdout).not.toContain("WRONG");
  expect(stdout).not.toContain("open?");
  expect(stdout).toMatch(/\nNothing is wrong\.\n$/);
  expect(code).toBe(0);
});

test("by settings of one's own, faults are told for machines, too, with code 1 and without a secret", async () => {
  const { kafka, mongodb, redis, services, gateway, mailbox } = system.endpoints;
  const { code, stdout } = await run(
    {
      ...{ KAFKA_BROKERS: kafka, MONGODB_URL: mongodb, REDIS_URL: redis, PUBLIC_URL: gateway },
      ...{ STORAGE_URL: services.storage, EMAIL_URL: services.email, INVITE_URL: services.invite },
      ...{ SMTP_URL: mailbox.smtp, ...system.secrets, TOPIC_PREFIX: "none." },
      ...{ ENTRY_ID_SECRET: "another secret than theirs", INTERNAL_TOKEN: "another token than theirs" },
    },
    "--json",
  );
  expect(code).toBe(1);
  const { wrong, findings } = JSON.parse(stdout) as { wrong: number; findings: Finding[] };
  const found = findings.filter(({ state }) => state === "wrong").map(({ about }) => about);
  expect(found).toHaveLength(wrong);
  expect(found).toEqual(
    expect.arrayContaining([
      ...["ADMIN_KEYS", "Topic none.waitlist.events", "Topic none.email.dead-letters", "PUBLIC_URL"],
      ...["Database waitlist_storage", "Database waitlist_email", "Database waitlist_invite"],
      ...["INTERNAL_TOKEN at storage", "INTERNAL_TOKEN at email", "INTERNAL_TOKEN at invite"],
    ]),
  );
  expect(stdout).not.toMatch(/than theirs/);
  for (const secret of Object.values(system.secrets)) expect(stdout).not.toContain(secret);
});

test("where there is nothing to look at, or an option that there isn't, it says so with code 2", async () => {
  const nowhere = await run({ WAITLIST_HOME: join(home, "nowhere") });
  expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining("no installation was started") });
  expect(await run({}, "--loud")).toMatchObject({ code: 2, stderr: expect.stringContaining("Usage:") });
});
