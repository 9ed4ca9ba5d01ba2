// Services as they are and as they shouldn't be: the real HTTP of each, on ports of its own.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import {
  createHttpApp,
  createLogger,
  createRegistry,
  type Finding,
  requireInternalToken,
} from "@waitlist/runtime";
import type { FastifyInstance } from "fastify";
import { afterEach, describe, expect, test } from "vitest";
import { checkServices } from "../src/checks/services.ts";

const TOKEN = "an internal token";
const PATHS = [
  "/internal/installation",
  "/internal/waitlists/:id/mails",
  "/internal/waitlists/:id/invite-schedules",
];
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

/** A service's HTTP with its health, and something behind the token. */
async function serve(token: string, isUp = true): Promise<string> {
  const app: FastifyInstance = createHttpApp({
    log: createLogger("doctor-test", "silent"),
    registry: createRegistry("doctor-test"),
    dependencies: { mongodb: { probe: () => isUp, required: true } },
  });
  app.register(async (internal) => {
    internal.addHook("onRequest", requireInternalToken(token));
    for (const path of PATHS) internal.get(path, () => ({}));
  });
  closers.push(() => app.close());
  return app.listen({ host: "127.0.0.1", port: 0 });
}

/** Something else, which answers so. */
async function answer(body: string, headers: Record<string, string> = {}): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(async () => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function look(more: { STORAGE_URL?: string } = {}) {
  const url = await serve(TOKEN);
  const urls = { STORAGE_URL: url, EMAIL_URL: url, INVITE_URL: url, ...more };
  return checkServices({ ...urls, INTERNAL_TOKEN: TOKEN }, { url, adminKey: null });
}
const wrong = (findings: Finding[]) => findings.filter(({ state }) => state === "wrong");

describe("services", () => {
  test("that are ready and take our token have nothing wrong", async () => {
    const findings = await look();
    expect(wrong(findings)).toEqual([]);
    expect(findings).toHaveLength(11);
  });

  test("that don't reach what they need are found, with what it is", async () => {
    expect(wrong(await look({ STORAGE_URL: await serve(TOKEN, false) }))).toMatchObject([
      { about: "Service storage", says: "it isn't ready: it doesn't reach mongodb." },
    ]);
  });

  test("that were started with another token are found, and no token is told", async () => {
    const findings = wrong(await look({ STORAGE_URL: await serve("another token") }));
    expect(findings).toMatchObject([{ about: "INTERNAL_TOKEN at storage" }]);
    expect(JSON.stringify(findings)).not.toContain(TOKEN);
  });

  test("that don't answer, or aren't ours, are found", async () => {
    expect(wrong(await look({ STORAGE_URL: "http://127.0.0.1:1" }))).toMatchObject([
      { about: "Service storage", says: "it doesn't answer." },
    ]);
    expect(wrong(await look({ STORAGE_URL: await answer("<h1>Welcome</h1>") }))).toMatchObject([
      { about: "Service storage", says: "what answers there is no service of ours." },
    ]);
    expect(wrong(await look({ STORAGE_URL: await answer("null") }))).toMatchObject([
      { about: "Service storage", says: "what answers there is no service of ours." },
    ]);
  });

  test("whose clocks are minutes off are found", async () => {
    const readiness = JSON.stringify({ status: "ready", dependencies: {} });
    const date = new Date(Date.now() - 120_000).toUTCString();
    const [finding, ...others] = wrong(await look({ STORAGE_URL: await answer(readiness, { date }) }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      about: "Clock of storage",
      says: expect.stringMatching(/^it is 1\d\d\.\d s behind/),
    });
  });
});
