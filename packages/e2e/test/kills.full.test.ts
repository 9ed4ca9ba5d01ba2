// kill -9 of each process in turn while 2,000 people sign up and a batch of invites goes out.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertMails, assertOrder, settledEntries } from "./support/account.ts";
import { startLoad } from "./support/load.ts";
import { type MailSink, startMailSink } from "./support/mail-sink.ts";

const PEOPLE = 2000;
const INVITES = 100;
/** Mails that can be between DATA and its answer at one moment, on all of the sender's connections. */
const IN_FLIGHT = 4;

let home: string;
let system: System;
let sink: MailSink;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-kills-"));
  sink = await startMailSink();
  const env = {
    ...process.env,
    SMTP_URL: sink.url,
    MAIL_LEASE_MS: "4000",
    SMTP_CONNECTIONS: String(IN_FLIGHT),
    RATE_LIMIT: "off",
  };
  system = await startSystem({ home, mode: "auto", env });
});

afterAll(async () => {
  await system?.stop();
  await sink?.stop();
  await rm(home, { recursive: true, force: true });
});

function processNamed(name: string) {
  const all = [...system.backing.processes, ...Object.values(system.services)];
  const found = all.find((process) => process.name === name);
  assert.ok(found, `there is no process ${name}`);
  return found;
}

async function inviteSome(waitlistId: string): Promise<void> {
  const api = createApi(system.endpoints.gateway, system.endpoints.adminKey);
  await eventually(
    async () => assert.equal((await api.invite(waitlistId, INVITES, "first")).status, 202),
    30_000,
  );
}

describe("nothing accepted is lost, moved or mailed twice", () => {
  test.for(["storage", "email", "invite", "gateway", "kafka", "mongodb", "redis"])(
    "when %s is killed with -9 while people sign up",
    async (victim) => {
      const waitlistId = `kill-${victim}`;
      const api = createApi(system.endpoints.gateway, system.endpoints.adminKey);
      const defined = await api.defineList(waitlistId, {
        name: `Kill ${victim}`,
        revealPosition: "on-signup",
      });
      expect(defined.status).toBe(201);

      const load = startLoad(system, { waitlistId, count: PEOPLE, concurrency: 20 });
      await eventually(() => assert.ok(load.accepted() >= PEOPLE / 4), 60_000);
      await inviteSome(waitlistId);
      const killed = processNamed(victim);
      const restarts = killed.restarts;
      killed.kill("SIGKILL");
      await eventually(() => assert.ok(killed.restarts > restarts, "it was not restarted"), 30_000);

      const accepted = await load.done;
      // Whoever isn't accepted is told so: a 503, and no answer at all only where the gateway itself is dead.
      const other = [...load.refusals.keys()].filter((status) => status !== 503);
      expect(other.filter((status) => status !== 0 || victim !== "gateway")).toEqual([]);
      expect(accepted).toHaveLength(PEOPLE);
      const entries = await settledEntries(system, waitlistId, accepted);
      await assertOrder(system, waitlistId, entries, accepted);

      const invited = await eventually(async () => {
        const found = (await api.entries(waitlistId)).filter(({ status }) => status === "invited");
        assert.equal(found.length, INVITES);
        return found;
      }, 60_000);
      expect(invited.map(({ position }) => position)).toEqual(
        Array.from({ length: INVITES }, (_, i) => i + 1),
      );

      const ambiguous =
        (await assertMails(system, waitlistId, "welcome", { entries, sink })) +
        (await assertMails(system, waitlistId, "invite", { entries: invited, sink }));
      expect(ambiguous).toBeLessThanOrEqual(IN_FLIGHT);
    },
  );
});

describe("what the services write down", () => {
  test("holds no address, after all that", async () => {
    const logs = join(home, "logs");
    const files = (await readdir(logs)).filter((file) => file.endsWith(".log"));
    expect(files.length).toBeGreaterThanOrEqual(7);
    for (const file of files)
      expect(await readFile(join(logs, file), "utf8"), file).not.toContain(".example.com");
    for (const url of [system.endpoints.gateway, ...Object.values(system.endpoints.services)]) {
      expect(await (await fetch(`${url}/metrics`)).text()).not.toContain(".example.com");
    }
  });
});
