// Whoever types addresses into the form learns nothing about who is on the list: 2,000 paired probes.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JoinAccepted } from "@waitlist/contracts";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { confirmationClaims, createTokens, mailedClaims, type TokenPlace } from "@waitlist/tokens";
import { afterAll, beforeAll, expect, test } from "vitest";
import { auc } from "./support/classifier.ts";
import { createProber, type Prober, type Sample } from "./support/probe.ts";

const PAIRS = 2000;
/** An area of 0.55 is five and a half standard errors away from chance at so many pairs. */
const TELLING = 0.55;
const KINDS = ["known", "confirmed", "left", "erased"] as const;
/**
 * Of one kind, which is a fourth of the pairs, against all that are new: a standard error is 0.0144 there (Hanley and McNeil 1982,
 * by chance), so that this is the same five and a half of them. What only one kind tells moves the area of all by a fourth of it.
 */
const TELLING_OF_A_KIND = 0.58;

let home: string;
let system: System;
let prober: Prober;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-privacy-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
  prober = createProber(system.endpoints.gateway);
});

afterAll(async () => {
  prober?.close();
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

const api = () => createApi(system.endpoints.gateway, system.endpoints.adminKey);
const addressOf = (kind: "k" | "n", pair: number) =>
  `${kind}${String(pair).padStart(6, "0")}@probe.example.com`;
const kindOf = (pair: number) => KINDS[pair % KINDS.length] ?? "known";
const entriesOf = (list: string) => `/v1/waitlists/${list}/entries`;

async function define(list: string, definition: object): Promise<void> {
  expect((await api().defineList(list, { name: "A list", ...definition })).status).toBe(201);
}

/** Signs people up, and makes them what the pairs want to know of: every fourth of each kind. */
async function prepare(list: string, count: number): Promise<void> {
  const tokens = createTokens(system.secrets.TOKEN_KEYS, Date.now);
  const people = await inParallel(count, async (pair) => {
    const { status, body } = await api().join(list, { email: addressOf("k", pair) });
    assert.equal(status, 202);
    const receipt = tokens.verify((body as unknown as JoinAccepted).receipt, "receipt");
    assert.ok(receipt);
    return { waitlistId: list, entryId: receipt.entryId, joinOffset: receipt.offset };
  });
  await eventually(async () => assert.equal((await api().entries(list)).length, count), 60_000);
  await inParallel(count, async (pair) => {
    const person = people[pair];
    assert.ok(person);
    await become(kindOf(pair), person);
  });
}

async function become(kind: (typeof KINDS)[number], person: TokenPlace): Promise<void> {
  const tokens = createTokens(system.secrets.TOKEN_KEYS, Date.now);
  const mailed = tokens.sign(mailedClaims(person, Date.now()));
  const path = `${system.endpoints.gateway}/v1/entries/${person.entryId}`;
  const post = (what: string, token: string) =>
    fetch(`${path}/${what}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
    });
  const acts = {
    known: async () => null,
    confirmed: () => post("confirmation", tokens.sign(confirmationClaims(person, Date.now()))),
    left: () => post("departure", mailed),
    erased: () => fetch(path, { method: "DELETE", headers: { authorization: `Bearer ${mailed}` } }),
  };
  const response = await acts[kind]();
  if (response) assert.equal(response.status, 204, `${kind}: ${await response.text()}`);
}

async function inParallel<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const index = next++;
      results[index] = await run(index);
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return results;
}

/** Each pair's two probes one after the other, the known one first or second by chance. */
async function probe(count: number, send: (address: string) => Promise<Sample[]>) {
  const samples = { known: [] as Sample[][], fresh: [] as Sample[][] };
  for (let pair = 0; pair < count; pair++) {
    const turns = [
      async () => samples.known.push(await send(addressOf("k", pair))),
      async () => samples.fresh.push(await send(addressOf("n", pair))),
    ];
    if (Math.random() < 0.5) turns.reverse();
    for (const turn of turns) await turn();
  }
  return samples;
}

type Samples = Awaited<ReturnType<typeof probe>>;

/** The same of one kind alone: its fourth of what is known. */
const ofKind = ({ known, fresh }: Samples, kind: (typeof KINDS)[number]): Samples => ({
  known: known.filter((_, pair) => kindOf(pair) === kind),
  fresh,
});

/** What each property of the `step`-th answer tells. */
function telling({ known, fresh }: Samples, step: number) {
  const of = (samples: Sample[][], read: (sample: Sample) => number) =>
    samples.flatMap((each) => each.slice(step, step + 1).map(read));
  const area = (read: (sample: Sample) => number) => auc(of(known, read), of(fresh, read));
  return {
    status: area(({ status }) => status),
    size: area(({ size }) => size),
    time: area(({ time }) => time),
  };
}

test("a private list answers the same to addresses that are new, known, confirmed, left or erased", async () => {
  await define("private", { doubleOptIn: true });
  await prepare("private", PAIRS);
  const samples = await probe(PAIRS, async (email) => {
    const join = await prober.send("POST", entriesOf("private"), { email }, { prefer: "wait=5" });
    const token = String(join.body.statusToken);
    const look = await prober.send("GET", `/v1/entries/${join.body.entryId}?token=${token}`);
    return [join, look];
  });
  const shapes = [...samples.known, ...samples.fresh].map((each) =>
    each.map(({ shape }) => shape).join(" | "),
  );
  expect(new Set(shapes).size).toBe(1);
  for (const step of [0, 1]) {
    const areas = telling(samples, step);
    for (const [what, area] of Object.entries(areas))
      expect(area, `${what} of step ${step}`).toBeLessThan(TELLING);
    for (const kind of KINDS) {
      const own = ofKind(samples, kind);
      expect(own.known).toHaveLength(PAIRS / KINDS.length);
      for (const [what, area] of Object.entries(telling(own, step)))
        expect(area, `${what} of step ${step}, ${kind}`).toBeLessThan(TELLING_OF_A_KIND);
    }
  }
}, 240_000);

test("the same probes do tell on a list that chose to show places on signup: they can see", async () => {
  await define("shown", { revealPosition: "on-signup", doubleOptIn: true });
  await prepare("shown", 200);
  // A gateway that hears nothing of what is stored shows nobody a place, and there would be nothing to see.
  await eventually(async () => {
    const email = `${Math.random().toString(36).slice(2)}@waits.example.com`;
    const { status } = await prober.send("POST", entriesOf("shown"), { email }, { prefer: "wait=5" });
    expect(status).toBe(201);
  }, 60_000);
  const samples = await probe(200, async (email) => [
    await prober.send("POST", entriesOf("shown"), { email }, { prefer: "wait=5" }),
  ]);
  expect(telling(samples, 0).size).toBeGreaterThan(TELLING);
}, 120_000);
