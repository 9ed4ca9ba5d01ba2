// What operators see of one person's way through the whole system: one trace, and metrics.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JoinAccepted } from "@waitlist/contracts";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { familiesIn, familyOf, metricNames, readExpressions } from "@waitlist/monitoring";
import { type CollectedSpan, eventually, startTraceCollector, type TraceCollector } from "@waitlist/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mailsTo } from "./support/mailbox.ts";

const LIST = "observed";
const ADA = { email: "ada@observed.example.com", name: "Ada Lovelace" };

let home: string;
let system: System;
let collector: TraceCollector;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-observed-"));
  collector = await startTraceCollector();
  const env = { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  system = await startSystem({ home, mode: "auto", env });
  expect((await api().defineList(LIST, { name: "Observed" })).status).toBe(201);
});

afterAll(async () => {
  await system?.stop();
  await collector?.close();
  await rm(home, { recursive: true, force: true });
});

const api = () => createApi(system.endpoints.gateway, system.endpoints.adminKey);

/** The trace that a request of this route began, once it has spans of these names. */
const traceOf = (route: string, names: string[]): Promise<CollectedSpan[]> =>
  eventually(() => {
    const spans = collector.spans();
    const request = spans.find(({ name }) => name === route);
    const trace = spans.filter(({ traceId }) => traceId === request?.traceId);
    const found = trace.map(({ service, name }) => `${service}: ${name}`);
    for (const name of names) assert.ok(found.includes(name), `${name} is not among ${found.join(", ")}`);
    return trace;
  }, 30_000);

test("one trace leads from a signup's request to its place, its mail, and the queue", async () => {
  const joined = (await api().join(LIST, ADA)).body as JoinAccepted;
  await mailsTo(system.endpoints.mailbox.web ?? "", ADA.email, 1);
  const trace = await traceOf("POST /v1/waitlists/:waitlistId/entries", [
    "waitlist-gateway: POST /v1/waitlists/:waitlistId/entries",
    "waitlist-gateway: send waitlist.events",
    "waitlist-storage: process WaitlistJoined",
    "waitlist-email: process WaitlistJoined",
    "waitlist-email: send mail",
    "waitlist-invite: process WaitlistJoined",
  ]);
  const produce = trace.find(({ name }) => name.startsWith("send waitlist.events"));
  const consumers = trace.filter(({ name }) => name === "process WaitlistJoined");
  expect(consumers.map(({ parentSpanId }) => parentSpanId)).toEqual(Array(3).fill(produce?.spanId));
  const offsets = new Set(consumers.map(({ attributes }) => attributes["messaging.kafka.offset"]));
  expect([...offsets]).toEqual([produce?.attributes["messaging.kafka.offset"]]);
  expect(trace.find(({ name }) => name === "send mail")?.attributes).toMatchObject({
    "waitlist.mail.kind": "welcome",
    "waitlist.mail.outcome": "accepted",
  });
  for (const personal of [ADA.email, "Lovelace", joined.entryId, joined.statusToken]) {
    expect(collector.text()).not.toContain(personal);
  }
});

test("and one from the request of a batch to the invite on the log, stored and mailed", async () => {
  expect((await api().invite(LIST, 1, "first")).status).toBe(202);
  await mailsTo(system.endpoints.mailbox.web ?? "", ADA.email, 2);
  await traceOf("POST /v1/waitlists/:waitlistId/invite-batches", [
    "waitlist-gateway: send waitlist.events",
    "waitlist-invite: decide invites",
    "waitlist-invite: send waitlist.events",
    "waitlist-storage: process InviteAllocated",
    "waitlist-email: process InviteAllocated",
    "waitlist-email: send mail",
  ]);
});

test("what people wait for is measured from the log's word on: stored, mailed, invited", async () => {
  const { services } = system.endpoints;
  const stages = { stored: services.storage, mailed: services.email, invited: services.invite };
  for (const [stage, url] of Object.entries(stages)) {
    const shown = await (await fetch(new URL("/metrics", url))).text();
    expect(shown).toMatch(
      new RegExp(`^waitlist_end_to_end_seconds_count\\{.*stage="${stage}".*\\} [1-9]`, "m"),
    );
    expect(shown).toMatch(/^waitlist_records_total\{.*type="WaitlistJoined",outcome="placed".*\} 1$/m);
  }
});

/** Made by Prometheus itself. */
const OF_PROMETHEUS = ["up"];

test("every metric that rules and dashboards name is one of the services'", async () => {
  const { gateway, services } = system.endpoints;
  const shown = await Promise.all(
    [gateway, ...Object.values(services)].map(async (url) => (await fetch(new URL("/metrics", url))).text()),
  );
  const known = new Set([...shown.flatMap(familiesIn), ...OF_PROMETHEUS]);
  const missing = readExpressions().flatMap(({ where, promql }) =>
    metricNames(promql)
      .map((name) => familyOf(name, known))
      .filter((name) => !known.has(name))
      .map((name) => `${where}: ${name}`),
  );
  expect(missing).toEqual([]);
});
