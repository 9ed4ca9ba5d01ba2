// The lag of a service that is down, told in three ways: by the API, in the metrics, and by Kafka's own tool.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { runKafkaTool } from "@waitlist/backing";
import { partitionOf } from "@waitlist/contracts";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LogWriter, openLogWriter } from "./support/log-writer.ts";
import { ageInMetrics, lagInMetrics, lagOfTool, type ToldLag } from "./support/told-lag.ts";

const LIST = "behind";
const PEOPLE = 40;
const PARTITION = partitionOf(LIST, 12);

let home: string;
let system: System;
let log: LogWriter;
const api = () => createApi(system.endpoints.gateway, system.endpoints.adminKey);

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-lag-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
  log = await openLogWriter(system.endpoints.kafka);
  expect((await api().defineList(LIST, { name: "Behind" })).status).toBe(201);
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

const byName = (one: ToldLag, other: ToldLag) =>
  one.group.localeCompare(other.group) || one.partition - other.partition;

async function toldByApi() {
  const { status, body } = await api().lag();
  assert.equal(status, 200);
  return body.items;
}

/** Partitions that nobody has written to have no committed offset: the tool leaves most of those out. */
const withCommits = (lags: ToldLag[]) => lags.filter(({ committed }) => committed !== null).sort(byName);

const metricsOf = async () => (await fetch(`${system.endpoints.gateway}/metrics`)).text();

async function allThree() {
  const tool = await runKafkaTool(
    "kafka-consumer-groups",
    ["--bootstrap-server", system.endpoints.kafka, "--describe", "--all-groups", "--offsets"],
    process.env,
  );
  const metrics = await metricsOf();
  const items = (await toldByApi()).map(({ group, partition, endOffset, committedOffset, lag }) => ({
    ...{ group, partition, end: endOffset, committed: committedOffset, lag },
  }));
  return {
    api: withCommits(items),
    metrics: withCommits(lagInMetrics(metrics)),
    tool: withCommits(lagOfTool(tool)),
  };
}

const signUpAll = () =>
  Promise.all(
    Array.from({ length: PEOPLE }, (_, index) => api().join(LIST, { email: `p${index}@behind.example.com` })),
  );

describe("lag", () => {
  test("is the same by the API, in the metrics and by Kafka's own tool, and its age is what a person waits", async () => {
    await eventually(async () => {
      const lags = await toldByApi();
      assert.ok(lags.every(({ lag, oldestAgeMs }) => lag === 0 && oldestAgeMs === 0));
    }, 30_000);
    const before = Date.now();
    await system.services.email.stop();
    const answers = await signUpAll();
    const accepted = Date.now();
    assert.ok(answers.every(({ status }) => status === 202));

    // Storage and invite go on; the tool waits for nobody.
    await eventually(async () => {
      const lags = await toldByApi();
      const others = lags.filter(({ group }) => group !== "email");
      assert.ok(others.every(({ lag }) => lag === 0));
      const email = lags.find((lag) => lag.group === "email" && lag.partition === PARTITION);
      assert.equal(email?.lag, PEOPLE);
      assert.ok(
        email.oldestAgeMs >= Date.now() - accepted - 1500 && email.oldestAgeMs <= Date.now() - before,
      );
    }, 30_000);
    const { api: byApi, metrics, tool } = await allThree();
    expect(tool.find((lag) => lag.group === "email" && lag.lag > 0)).toMatchObject({
      partition: PARTITION,
      lag: PEOPLE,
    });
    expect(byApi).toEqual(tool);
    expect(metrics).toEqual(tool);

    const earliest = (Date.now() - accepted) / 1000;
    const shown = await metricsOf();
    const age = ageInMetrics(shown, { group: "email", partition: PARTITION });
    // A reading is shared for a second.
    expect(age).toBeGreaterThanOrEqual(earliest - 1.5);
    expect(age).toBeLessThanOrEqual((Date.now() - before) / 1000);
    expect(ageInMetrics(shown, { group: "storage", partition: PARTITION })).toBe(0);
  });

  test("is shown in the terminal, with a pace and whether that will do", async () => {
    const { stdout } = await promisify(execFile)(
      "node",
      ["packages/launcher/src/lag/main.ts", "--once", "--interval", "1"],
      {
        env: { ...process.env, WAITLIST_HOME: home, NO_COLOR: "1" },
      },
    );
    expect(stdout).toMatch(/group +partition +end +committed +lag +oldest +rate +caught up in/);
    expect(stdout).toMatch(new RegExp(`email +all +${PEOPLE} .*0\\.0/s +not at this rate`));
    expect(stdout).toMatch(/storage +all +0 +– +0\.0\/s +–/);
    expect(stdout).not.toContain(system.endpoints.adminKey);
  });

  test("is the same where retention has removed what was not processed, part of it and all", async () => {
    const email = async () =>
      (await toldByApi()).find((lag) => lag.group === "email" && lag.partition === PARTITION);
    const { endOffset = 0 } = (await email()) ?? {};
    for (const kept of [5, 0]) {
      await log.removeBefore(LIST, endOffset - kept);
      await eventually(async () => assert.equal(((await email())?.oldestAgeMs ?? 0) > 0, kept > 0), 10_000);
      const { api: byApi, metrics, tool } = await allThree();
      expect(tool.find((lag) => lag.group === "email" && lag.lag > 0)).toMatchObject({ lag: PEOPLE });
      expect(byApi).toEqual(tool);
      expect(metrics).toEqual(tool);
    }
  });
});
