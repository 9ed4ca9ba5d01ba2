import { createLogger, Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import { buildApp } from "../src/app.ts";

const internalToken = "0123456789abcdef";
const counts = [{ kind: "welcome" as const, state: "sent" as const, count: 420 }];
const app = buildApp({
  log: createLogger("email", "silent"),
  registry: new Registry(),
  dependencies: {
    mongodb: { probe: () => true, required: true },
    smtp: { probe: () => false, required: false },
  },
  internalToken,
  receiveReport: async (message) => ({ matched: message.length === 6, action: "failed", status: "5.1.1" }),
  ledger: {
    counts: async (waitlistId) => (waitlistId === "socialode" ? counts : []),
    countUndeliverable: async (waitlistId) => (waitlistId === "socialode" ? 3 : 0),
    find: async () => null,
    list: async () => ({ mails: [], next: null }),
  },
  recipients: async () => new Map(),
  testMails: {
    transport: { send: async () => ({ kind: "withheld" }) },
    compose: async () => Promise.reject(new Error("no part of this test")),
    clock: () => 0,
  },
});

const ask = (url: string, token = internalToken) =>
  app.inject({ url, headers: { authorization: `Bearer ${token}` } });

test("mails are counted for who holds the shared token", async () => {
  const answer = await ask("/internal/waitlists/socialode/mail-counts");
  expect(answer.json()).toEqual({ waitlistId: "socialode", counts, undeliverable: 3 });
  expect((await ask("/internal/waitlists/other/mail-counts")).json()).toEqual({
    waitlistId: "other",
    counts: [],
    undeliverable: 0,
  });
});

test("a delivery report is passed on as it came", async () => {
  const pass = (report: string, token = internalToken) =>
    app.inject({
      ...{ method: "POST", url: "/internal/delivery-reports", payload: { report } },
      headers: { authorization: `Bearer ${token}` },
    });
  const answer = await pass(Buffer.from("\xffreport".slice(0, 6), "latin1").toString("base64"));
  expect(answer.json()).toEqual({ matched: true, action: "failed", status: "5.1.1" });
  expect((await pass("x".repeat(300_000))).statusCode).toBe(200);
  expect((await pass("x".repeat(400_000))).statusCode).toBe(413);
  expect((await pass("", "wrong")).statusCode).toBe(401);
});

test("nobody else is told anything", async () => {
  expect((await ask("/internal/waitlists/socialode/mail-counts", "wrong")).statusCode).toBe(401);
});

test("without a mail server the service is ready: the log is followed all the same", async () => {
  const answer = await app.inject("/readyz");
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ dependencies: { smtp: { state: "down", required: false } } });
});
