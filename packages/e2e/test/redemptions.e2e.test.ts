// Redemptions over two gateways and two invite services, each of which is killed in turn: one winner a code, everywhere the
// same.
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, type Instance, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { apiOf, inviteList, settledClosings, signUpList, statusAtInvite } from "./support/invites.ts";

const AT_ONCE = 50;
const GIVE_UP_AFTER_MS = 90_000;

interface Victim {
  victim: "invite-0" | "invite-1" | "gateway-1";
  codes: number;
  /** Clients that want the same codes in the same order. */
  rivals: number;
}

/** Of the invite services one has the list's partition. */
const VICTIMS: Victim[] = [
  { victim: "invite-0", codes: 40, rivals: 4 },
  { victim: "invite-1", codes: 40, rivals: 4 },
  { victim: "gateway-1", codes: 8, rivals: AT_ONCE },
];

let home: string;
let system: System;
let gateways: Api[];
let processes: Record<Victim["victim"], Instance["process"]>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-redemptions-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
  const invite = await system.startInstance("invite");
  const gateway = await system.startInstance("gateway", { INVITE_URL: invite.url });
  processes = {
    "invite-0": system.services.invite,
    "invite-1": invite.process,
    "gateway-1": gateway.process,
  };
  gateways = [apiOf(system), apiOf(system, gateway.url)];
});
afterAll(async () => {
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

const gatewayFor = (index: number): Api => gateways[index % gateways.length] ?? apiOf(system);
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

/**
 * Asks one gateway after the other until the answer is a decision: what isn't decided is a 503, and of a gateway that has died
 * there is no answer. How often that was goes to `onLost`.
 */
async function redeemed(code: string, key: string, first: number, onLost: () => void = () => undefined) {
  const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
  for (let gateway = first; performance.now() < giveUpAt; gateway += 1) {
    const answer = await gatewayFor(gateway).redeem(code, key).catch(unlessLost);
    if (answer === null) onLost();
    else if (answer.status !== 503) return answer;
  }
  throw new Error("a redemption was not decided for a minute and a half");
}

/** What `fetch` throws where the connection is refused or cut. */
function unlessLost(error: unknown): null {
  if (error instanceof TypeError) return null;
  throw error;
}

test("50 redemptions of one code at once give one 200, and its retries the same", async () => {
  const [code = ""] = await inviteList(gatewayFor(0), "at-once", 1);
  const ask = (index: number) => gatewayFor(index).redeem(code, `cart-${index}`);
  const answers = await Promise.all(numbered(AT_ONCE).map(ask));
  const winner = answers.findIndex(({ status }) => status === 200);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(AT_ONCE - 1).fill(409)]);
  expect(answers[winner]?.body).toMatchObject({ email: "person1@at-once.example.com", position: 1 });
  // Over either gateway, whichever answered first.
  for (const gateway of numbered(2)) {
    const again = await gatewayFor(gateway).redeem(code, `cart-${winner}`);
    expect(again).toEqual(answers[winner]);
    expect((await gatewayFor(gateway).redeem(code, `cart-${winner + 1}`)).body.code).toBe("invite-redeemed");
  }
  expect(await settledClosings(system, "at-once")).toMatchObject([{ how: "redeemed" }]);
});

describe("kill -9 under redemptions leaves one winner a code, for whoever asks again", () => {
  test.for(VICTIMS)("of $victim, with $rivals at once", async ({ victim, codes: count, rivals }) => {
    const waitlistId = `killed-${victim}`;
    const codes = await inviteList(gatewayFor(0), waitlistId, count);
    const answered: number[] = [];
    let lost = 0;
    const redeemAll = async (rival: number) => {
      const statuses: number[] = [];
      for (const [index, code] of codes.entries()) {
        const { status } = await redeemed(code, `cart-${index}-${rival}`, rival, () => {
          lost += 1;
        });
        statuses.push(status);
        answered.push(status);
      }
      return statuses;
    };
    const all = Promise.all(numbered(rivals).map(redeemAll));
    await eventually(() => expect(answered.length).toBeGreaterThan((count * rivals) / 4), 60_000);
    const killed = processes[victim];
    const restarts = killed.restarts;
    expect(answered.length).toBeLessThan(count * rivals);
    killed.kill("SIGKILL");
    await eventually(() => expect(killed.restarts).toBeGreaterThan(restarts), 30_000);
    const first = await all;
    // Only a gateway's death takes answers with it, and then half of all had asked there.
    expect(lost > 0).toBe(victim === "gateway-1");

    expect(await Promise.all(numbered(rivals).map(redeemAll))).toEqual(first);
    for (const index of numbered(count)) {
      const told = first.map((statuses) => statuses[index]).sort();
      expect(told).toEqual([200, ...Array(rivals - 1).fill(409)]);
    }
    const closings = await settledClosings(system, waitlistId);
    expect(new Set(closings.map((told) => told?.how))).toEqual(new Set(["redeemed"]));
  });
});

test("a batch that reads as completed can be redeemed at once, though storage hung and died when it was made", async () => {
  const [waitlistId, count] = ["storage-away", 20];
  const api = gatewayFor(0);
  await signUpList(api, waitlistId, count);
  await eventually(async () => expect(await api.entries(waitlistId)).toHaveLength(count));
  // It hangs until it is killed: only a process that has died is started again.
  system.services.storage.kill("SIGSTOP");
  const { status, body } = await api.invite(waitlistId, count, "everybody");
  expect(status).toBe(202);
  // Without this, nobody would have been told too early.
  await eventually(
    async () => expect(await statusAtInvite(system, waitlistId, body.batchId)).toBe("completed"),
    60_000,
  );
  expect((await api.batch(waitlistId, body.batchId)).body.status).toBe("running");
  system.services.storage.kill("SIGKILL");

  await eventually(
    async () => expect((await api.batch(waitlistId, body.batchId)).body.status).toBe("completed"),
    60_000,
  );
  const codes = (await api.entries(waitlistId)).flatMap(({ invite }) => invite?.code ?? []);
  expect(codes).toHaveLength(count);
  const answers = await Promise.all(codes.map((code) => api.redeem(code, `cart-${code}`)));
  expect(new Set(answers.map(({ status: each }) => each))).toEqual(new Set([200]));
});

test("what is taken back can't be redeemed, and what is redeemed isn't taken back", async () => {
  const api = gatewayFor(1);
  const codes = await inviteList(api, "taken-back", 3);
  const [redeemedCode = "", withdrawnCode = "", batchCode = ""] = codes;
  expect((await redeemed(redeemedCode, "first", 1)).status).toBe(200);
  expect((await api.withdrawInvite(withdrawnCode, "by mistake")).status).toBe(202);
  const refused = await redeemed(withdrawnCode, "second", 1);
  expect([refused.status, refused.body.code]).toEqual([410, "invite-withdrawn"]);

  const [{ invite } = {}] = await api.entries("taken-back");
  expect((await api.withdrawBatch("taken-back", invite?.batchId ?? "", "all of them")).status).toBe(202);
  const late = await redeemed(batchCode, "third", 1);
  expect([late.status, late.body.code]).toEqual([410, "invite-withdrawn"]);
  expect((await redeemed(redeemedCode, "first", 1)).status).toBe(200);
  const closings = await settledClosings(system, "taken-back");
  expect(closings.map((told) => told?.how)).toEqual(["redeemed", "withdrawn", "withdrawn"]);
  expect(await api.batch("taken-back", invite?.batchId ?? "")).toMatchObject({
    body: { status: "withdrawn", withdrawnBy: "development", withdrawalReason: "all of them" },
  });
});

test("no code is written down by any service", async () => {
  const codes = (await apiOf(system).entries("killed-invite-0")).flatMap(({ invite }) => invite?.code ?? []);
  expect(codes).toHaveLength(VICTIMS[0]?.codes ?? 0);
  const logs = join(home, "logs");
  for (const file of (await readdir(logs)).filter((name) => /^(gateway|invite|storage|email)/.test(name))) {
    const text = await readFile(join(logs, file), "utf8");
    for (const code of codes) expect(text.includes(code), file).toBe(false);
  }
});
