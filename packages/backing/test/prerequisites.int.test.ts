import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { MissingPrerequisite, startBacking } from "../src/index.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-prerequisites-"));
});

afterEach(() => rm(home, { recursive: true, force: true }));

it("says in one sentence that Java is missing, and ends what it had started already", async () => {
  const failure = await startBacking({ home, mode: "embedded", env: { PATH: "/nowhere" } }).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(MissingPrerequisite);
  expect((failure as Error).message).toMatch(/^There is no Java in the PATH: install a JDK 17 or newer/);
  expect(await readdir(join(home, "run"))).toEqual([]);
});

it("starts only what it is asked for and what the environment doesn't give", async () => {
  const env = { PATH: "/nowhere", KAFKA_BROKERS: "kafka.example:9092", REDIS_URL: "redis://cache.example" };
  const backing = await startBacking({ home, mode: "embedded", env, only: ["kafka", "mailbox"] });
  expect(backing.origin).toEqual({
    kafka: "environment",
    mongodb: "none",
    redis: "none",
    mailbox: "embedded",
  });
  expect(backing.urls).toMatchObject({ kafka: "kafka.example:9092", mongodb: "", redis: "" });
  expect(backing.urls.smtp).toMatch(/^smtp:\/\/127\.0\.0\.1:\d+$/);
  await backing.stop();
});
