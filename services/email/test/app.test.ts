import { createLogger, Registry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import { buildApp } from "../src/app.ts";

const internalToken = "0123456789abcdef";
const counts = [{ kind: "welcome", state: "sent", count: 420 }];
const app = buildApp({
  log: createLogger("email", "silent"),
  registry: new Registry(),
  dependencies: {
    mongodb: { probe: () => true, required: true },
    smtp: { probe: () => false, required: false },
  },
  internalToken,
  ledger: { counts: async (waitlistId) => (waitlistId === "socialode" ? counts : []) },
});

const ask = (url: string, token = internalToken) =>
  app.inject({ url, headers: { authorization: `Bearer ${token}` } });

test("mails are counted for who holds the shared token", async () => {
  const answer = await ask("/internal/waitlists/socialode/mail-counts");
  expect(answer.json()).toEqual({ waitlistId: "socialode", counts });
  expect((await ask("/internal/waitlists/other/mail-counts")).json()).toEqual({
    waitlistId: "other",
    counts: [],
  });
});

test("nobody else is told anything", async () => {
  expect((await ask("/internal/waitlists/socialode/mail-counts", "wrong")).statusCode).toBe(401);
});

test("without a mail server the service is ready: the log is followed all the same", async () => {
  const answer = await app.inject("/readyz");
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ dependencies: { smtp: { state: "down", required: false } } });
});
