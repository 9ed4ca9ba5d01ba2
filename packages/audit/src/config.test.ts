import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CannotAudit } from "./cannot-audit.ts";
import { readConfig, readRequest } from "./config.ts";

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-audit-config-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const write = (name: string, content: unknown) => writeFile(join(home, name), JSON.stringify(content));

describe("what the audit is asked for", () => {
  it("is everything, or one list", () => {
    expect(readRequest([])).toEqual({ waitMs: 30_000, json: false, help: false });
    expect(readRequest(["launch", "--wait", "5", "--json"])).toMatchObject({
      ...{ waitlistId: "launch", waitMs: 5000, json: true },
    });
  });

  it.each([[["one", "two"]], [["No List"]], [["--wait", "long"]], [["--unknown"]]])(
    "is refused with a sentence where it is %j",
    (args) => {
      expect(() => readRequest(args)).toThrow(CannotAudit);
    },
  );
});

describe("what the audit has to know", () => {
  it("comes from the installation in the home", async () => {
    await write("endpoints.json", { kafka: "localhost:9092", mongodb: "mongodb://localhost:1" });
    await write("secrets.json", { ENTRY_ID_SECRET: "of the home" });
    expect(await readConfig({ WAITLIST_HOME: home })).toEqual({
      ...{ brokers: "localhost:9092", mongodb: "mongodb://localhost:1", secret: "of the home" },
      ...{ partitions: null, topicPrefix: "" },
    });
  });

  it("comes from the environment first, the secret from a file, too", async () => {
    await write("endpoints.json", { kafka: "localhost:9092", mongodb: "mongodb://localhost:1" });
    const file = join(home, "secret");
    await writeFile(file, "of a file\n");
    const env = {
      WAITLIST_HOME: home,
      KAFKA_BROKERS: "broker:1",
      ENTRY_ID_SECRET_FILE: file,
      EVENT_PARTITIONS: "3",
    };
    expect(await readConfig(env)).toMatchObject({ brokers: "broker:1", secret: "of a file", partitions: 3 });
  });

  it("is missed by its name", async () => {
    await expect(readConfig({ WAITLIST_HOME: home })).rejects.toThrow(/^KAFKA_BROKERS isn't set/);
    const addresses = { KAFKA_BROKERS: "broker:1", MONGODB_URL: "mongodb://there" };
    await expect(readConfig({ WAITLIST_HOME: home, ...addresses })).rejects.toThrow(
      /^ENTRY_ID_SECRET isn't set/,
    );
  });

  it.each([
    ["EVENT_PARTITIONS", "many"],
    ["ENTRY_ID_SECRET_FILE", "/nowhere/at/all"],
  ])("is refused with a sentence where %s is wrong", async (name, value) => {
    const env = {
      WAITLIST_HOME: home,
      KAFKA_BROKERS: "broker:1",
      MONGODB_URL: "mongodb://there",
      ENTRY_ID_SECRET: "s",
    };
    const { ENTRY_ID_SECRET: _, ...without } = env;
    const given = name === "ENTRY_ID_SECRET_FILE" ? without : env;
    await expect(readConfig({ ...given, [name]: value })).rejects.toThrow(name);
  });
});
