// `pnpm lag` as somebody watches it: the real process, before a gateway that once gives no answer.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { LagView } from "@waitlist/contracts";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, expect, test } from "vitest";

const MAIN = fileURLToPath(new URL("../src/lag/main.ts", import.meta.url));
const KEY = "wl_a key for tests";

/** How often the lag was asked for; the second time there is no answer to be had. */
let asked = 0;
const gateway = createServer((request, response) => {
  asked += 1;
  if (request.url !== "/v1/ops/lag" || request.headers.authorization !== `Bearer ${KEY}`) {
    return void response.writeHead(401).end();
  }
  if (asked === 2) return void response.writeHead(503).end();
  const place = { group: "email", topic: "waitlist.events", partition: 3 };
  const offsets = { endOffset: 100, committedOffset: 10 * asked, lag: 100 - 10 * asked, oldestAgeMs: 1500 };
  const view: LagView = { at: new Date().toISOString(), items: [{ ...place, ...offsets }] };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(view));
});

beforeAll(() => new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve)));
afterAll(() => new Promise((resolve) => gateway.close(resolve)));

test("the lag is shown live, past an answer that fails, until Ctrl-C ends it as a success", async () => {
  const env = {
    ...process.env,
    ...{ GATEWAY_URL: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`, ADMIN_KEY: KEY },
    NO_COLOR: "1",
  };
  const child = spawn(process.execPath, [MAIN, "--interval", "0.5"], { env });
  const ended = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
  const said = { out: "", err: "" };
  child.stdout.on("data", (chunk) => {
    said.out += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.err += chunk;
  });
  try {
    await eventually(() => assert.ok(said.out.split("caught up in").length - 1 >= 2, said.out), 20_000);
    // The first look has no pace yet; the next one that was answered has.
    expect(said.out).toMatch(/email +all +90 +1\.5 s +… +…/);
    expect(said.out).toMatch(/email +all +70 +1\.5 s +\d+(\.\d)?\/s /);
    expect(said.err).toBe("The gateway answered 503. Asking again.\n");
    child.kill("SIGINT");
    expect(await ended).toEqual({ code: 0, signal: null });
    expect(said.out + said.err).not.toContain(KEY);
  } finally {
    child.kill("SIGKILL");
  }
});
