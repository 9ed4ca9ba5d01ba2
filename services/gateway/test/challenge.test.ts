// Lists that ask for proof of work, and what a program that fills in everything is told.
import type { WaitlistDefinition } from "@waitlist/contracts";
import { solve } from "@waitlist/testing";
import { afterEach, describe, expect, it } from "vitest";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

let world: World;
afterEach(() => world.close());

async function aList(changes: Partial<WaitlistDefinition> = {}, rateLimit = "off") {
  world = await createWorld({ rateLimit });
  world.list(LIST, definitionWith(changes));
}

const signUp = (payload: object = {}, headers: Record<string, string> = {}, list = LIST) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${list}/entries`,
    payload: { email: "ada@example.com", ...payload },
    headers,
  });
const solved = async (list = LIST) => {
  const response = await world.app.inject(`/v1/waitlists/${list}/challenge`);
  expect([response.statusCode, response.headers["cache-control"]]).toEqual([200, "no-store"]);
  return solve(response.json());
};
const required = async () => (await world.app.inject(`/v1/waitlists/${LIST}`)).json().challengeRequired;
const outcome = (response: Awaited<ReturnType<typeof signUp>>) => {
  const { code, errors } = response.json();
  return [response.statusCode, code, ...(errors ?? []).map((error: { path: string }) => error.path)];
};
const metric = async (because: string) => {
  const line = new RegExp(`waitlist_refused_signups_total\\{[^}]*because="${because}"[^}]*\\} (\\d+)`);
  return Number(line.exec(await world.registry.metrics())?.[1] ?? 0);
};

describe("a list that always asks for a challenge", () => {
  it("says so, and refuses who brings none with where to get one", async () => {
    await aList({ challenge: "always" });
    expect(await required()).toBe(true);
    const response = await signUp();
    expect(response.statusCode).toBe(403);
    expect(response.json()).toEqual({
      type: "about:blank",
      title: "This waitlist asks for a solved challenge.",
      status: 403,
      code: "challenge-required",
      detail:
        "Send a solved challenge as challenge; https://waitlist.test/v1/waitlists/socialode/challenge gives one.",
    });
    expect(world.events).toEqual([]);
    expect(await metric("no-challenge")).toBe(1);
  });

  it("takes a solved one once, for whomever, and keeps it off the log", async () => {
    await aList({ challenge: "always" });
    const challenge = await solved();
    expect((await signUp({ challenge })).statusCode).toBe(202);
    const known = await signUp({ challenge });
    const unknown = await signUp({ email: "bea@example.com", challenge });
    expect(outcome(known)).toEqual([400, "invalid-request", "/challenge"]);
    expect(unknown.json()).toEqual(known.json());
    expect(world.joins().map(({ data }) => Object.keys(data))).toEqual([
      ["waitlistId", "entryId", "needsConfirmation", "email"],
    ]);
    expect(await metric("wrong-challenge")).toBe(2);
  });

  it("takes none of another list, and none that is none", async () => {
    await aList({ challenge: "always" });
    world.list("other", definitionWith({ challenge: "always" }));
    const challenge = await solved("other");
    expect(outcome(await signUp({ challenge }))).toEqual([400, "invalid-request", "/challenge"]);
    expect(outcome(await signUp({ challenge: "bnVsbA==" }))).toEqual([400, "invalid-request", "/challenge"]);
    expect(outcome(await signUp({ challenge: "not base64!" }))).toEqual([
      400,
      "invalid-request",
      "/challenge",
    ]);
    expect((await signUp({ challenge }, {}, "other")).statusCode).toBe(202);
  });

  it("takes none that has expired", async () => {
    await aList({ challenge: "always" });
    const challenge = await solved();
    world.time.now += 10 * 60_000;
    expect(outcome(await signUp({ challenge }))).toEqual([400, "invalid-request", "/challenge"]);
  });

  it("judges everything else first: a mistake costs nobody their challenge", async () => {
    await aList({ challenge: "always" });
    const challenge = await solved();
    expect(outcome(await signUp({ challenge, email: "not an address" }))).toEqual([
      400,
      "invalid-request",
      "/email",
    ]);
    expect((await signUp({ challenge })).statusCode).toBe(202);
  });

  it("uses none up where the signup isn't on the log", async () => {
    await aList({ challenge: "always" });
    const challenge = await solved();
    world.broken.log = true;
    expect((await signUp({ challenge })).statusCode).toBe(503);
    world.broken.log = false;
    expect((await signUp({ challenge })).statusCode).toBe(202);
  });

  it("answers a repeat under an Idempotency-Key as before", async () => {
    await aList({ challenge: "always" });
    const challenge = await solved();
    const key = { "idempotency-key": "form-1" };
    const first = await signUp({ challenge }, key);
    expect(first.statusCode).toBe(202);
    expect((await signUp({ challenge }, key)).json()).toEqual(first.json());
  });
});

describe("a list that asks for a challenge while it is under attack", () => {
  it("does so from so many signups on, refused ones included", async () => {
    await aList({ challenge: "auto" }, "attack=3/60,client=2/60");
    expect(await required()).toBe(false);
    expect((await signUp()).statusCode).toBe(202);
    expect((await signUp({ email: "not an address" })).statusCode).toBe(400);
    expect((await signUp()).statusCode).toBe(429);
    expect(await required()).toBe(false);
    const other = (payload: object = {}) =>
      world.app.inject({
        method: "POST",
        url: `/v1/waitlists/${LIST}/entries`,
        remoteAddress: "192.0.2.1",
        payload: { email: "bea@example.com", ...payload },
      });
    expect((await other()).statusCode).toBe(403);
    expect(await required()).toBe(true);
    expect((await other({ challenge: await solved() })).statusCode).toBe(202);
  });

  it("never does where it is off", async () => {
    await aList({ challenge: "off" }, "attack=1/60");
    expect((await signUp()).statusCode).toBe(202);
    expect((await signUp({ challenge: "bnVsbA==" })).statusCode).toBe(202);
    expect(await required()).toBe(false);
  });
});

describe("a challenge", () => {
  it("is given for lists that are there", async () => {
    await aList();
    const response = await world.app.inject("/v1/waitlists/nobody/challenge");
    expect([response.statusCode, response.json().code]).toEqual([404, "waitlist-not-found"]);
  });

  it("is asked of backends, too", async () => {
    await aList({ challenge: "always" });
    expect((await signUp({}, bearer(KEYS.admin))).statusCode).toBe(403);
  });
});

describe("a field that people don't see", () => {
  it("is refused where it is filled in, by name, and never with a pretended success", async () => {
    await aList();
    const response = await signUp({ website: "https://spam.example" });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toEqual([{ path: "/website", message: "must be left empty" }]);
    expect(response.body).not.toContain("spam");
    expect(world.events).toEqual([]);
    expect(await metric("honeypot")).toBe(1);
  });

  it("may be there and empty", async () => {
    await aList();
    expect((await signUp({ website: "" })).statusCode).toBe(202);
    expect(await metric("honeypot")).toBe(0);
    expect(world.joins()[0]?.data).not.toHaveProperty("website");
  });
});

describe("throw-away addresses", () => {
  const there = { email: "ada@inbox.mailinator.com" };

  it.each([
    ["flag", true],
    ["allow", undefined],
  ] as const)("are taken by a list that has them on %s", async (disposableAddresses, flag) => {
    await aList({ disposableAddresses });
    expect((await signUp(there)).statusCode).toBe(202);
    await signUp();
    expect(world.joins().map(({ data }) => data.disposable)).toEqual([flag, undefined]);
  });

  it("are refused by a list that refuses them", async () => {
    await aList({ disposableAddresses: "refuse" });
    const response = await signUp(there);
    expect(outcome(response)).toEqual([400, "invalid-request", "/email"]);
    expect(response.json().errors[0].message).toBe(
      "is a throw-away address; this waitlist asks for one that lasts",
    );
    expect((await signUp()).statusCode).toBe(202);
  });
});
