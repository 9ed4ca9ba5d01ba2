// What was set aside, in the whole system: shown with its cause, put back once, given up with a reason.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type DeadLetter,
  type DeadLettersPage,
  type ExplainedEntry,
  entryIdOf,
  type Problem,
  parseAddress,
  partitionOf,
  type Redriven,
  type RedrivenAll,
} from "@waitlist/contracts";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LogWriter, openLogWriter } from "./support/log-writer.ts";
import { mailsTo } from "./support/mailbox.ts";
import { runAudit } from "./support/order-audit.ts";

const LIST = "set-aside";
const PARTITION = partitionOf(LIST, 12);
const LATE = "late@set-aside.example.com";
const GROUPS = ["email", "invite", "storage"];

let home: string;
let system: System;
let log: LogWriter;
const api = () => createApi(system.endpoints.gateway, system.endpoints.adminKey);
const lettersAt = async (offset: number) =>
  (await api().deadLetters<DeadLettersPage>()).body.items
    .filter((letter) => letter.offset === offset)
    .sort((one, other) => one.group.localeCompare(other.group));
const joined = async (email: string) => {
  const { status, body } = await api().join(LIST, { email }, { prefer: "wait=10" });
  expect([201, 202]).toContain(status);
  return body.entryId;
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-dead-letters-"));
  system = await startSystem({ home, mode: "auto", env: { ...process.env, RATE_LIMIT: "off" } });
  log = await openLogWriter(system.endpoints.kafka);
  expect((await api().defineList(LIST, { name: "Set aside" })).status).toBe(201);
});

afterAll(async () => {
  await log?.close();
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

describe("dead letters", () => {
  test("show junk once for each service, which can't be put back but given up", async () => {
    const offset = await log.putBytes(LIST, Buffer.from("junk of ada@example.com"));
    const letters = await eventually(async () => {
      const found = await lettersAt(offset);
      assert.equal(found.length, GROUPS.length);
      return found;
    }, 20_000);
    expect(letters.map(({ group }) => group)).toEqual(GROUPS);
    expect(letters[0]).toMatchObject({
      cause: "the value is not a JSON object",
      partition: PARTITION,
      bytes: 23,
    });
    expect(JSON.stringify(letters)).not.toContain("ada@");

    const one = letters[0]?.deadLetterId ?? "";
    const refused = await api().deadLetters<Problem>(`/${one}/redrive`, {});
    expect([refused.status, refused.body.code]).toEqual([409, "dead-letter-not-redrivable"]);
    const all = await api().redriveAll<RedrivenAll>();
    expect(all.body).toMatchObject({ redriven: [], open: GROUPS.length });
    for (const { deadLetterId } of letters) {
      const { body } = await api().deadLetters<DeadLetter>(`/${deadLetterId}/discard`, { reason: "junk" });
      expect(body).toMatchObject({ status: "discarded", settled: { by: "development", reason: "junk" } });
    }
    expect((await api().deadLetters<DeadLettersPage>("?status=open")).body.items).toEqual([]);
  });

  test("a signup that had no place takes one at the end, once however often it is redriven, and says so", async () => {
    const ada = await joined("ada@set-aside.example.com");
    const entryId = entryIdOf(system.secrets.ENTRY_ID_SECRET, LIST, parseAddress(LATE)?.canonical ?? "");
    const data = { waitlistId: LIST, entryId, email: LATE, needsConfirmation: false };
    // It stood where the list's definition stands: any record before all signups does.
    const id = await log.setAside("storage", { type: "WaitlistJoined", data, id: "e-late" }, 0);
    await log.setAside("email", { type: "WaitlistJoined", data, id: "e-late" }, 0);

    const answers = await Promise.all(
      [id, id, id.replace("storage", "email")].map((each) =>
        api().deadLetters<Redriven>(`/${each}/redrive`, {}),
      ),
    );
    for (const { status, body } of answers) {
      expect([status, body.status, body.place]).toEqual([202, "redriven", "end"]);
    }
    const last = await joined("bob@set-aside.example.com");
    const entries = await eventually(async () => {
      const found = await api().entries(LIST);
      assert.equal(found.length, 3);
      return found;
    }, 20_000);
    expect(entries.map((entry) => [entry.entryId, entry.position])).toEqual([
      [ada, 1],
      [entryId, 2],
      [last, 3],
    ]);
    expect(await explained(entryId)).toMatchObject({
      history: [
        { by: "development", cause: expect.stringMatching(/could not be read.*took place 2, at the end/) },
      ],
    });
    expect(await mailsTo(system.endpoints.mailbox.web ?? "", LATE, 1)).toHaveLength(1);
  });

  test("a signup that has its place keeps it, and nothing is said or mailed twice", async () => {
    const before = await api().entries(LIST);
    const [ada] = before;
    assert.ok(ada);
    const { history } = await explained(ada.entryId);
    const offset = history[0]?.offset ?? 0;
    const data = { waitlistId: LIST, entryId: ada.entryId, email: ada.email ?? "", needsConfirmation: false };
    const id = await log.setAside("email", { type: "WaitlistJoined", data, id: "e-ada" }, offset);
    expect((await api().deadLetters<Redriven>(`/${id}/redrive`, {})).body).toMatchObject({ place: "kept" });
    await eventually(async () => {
      const after = (await explained(ada.entryId)).history.at(-1);
      assert.match(after?.cause ?? "", /could be read now: kept place 1/);
    }, 20_000);
    expect(await api().entries(LIST)).toEqual(before);
    await joined("carol@set-aside.example.com");
    await mailsTo(system.endpoints.mailbox.web ?? "", "carol@set-aside.example.com", 1);
    expect(await mailsTo(system.endpoints.mailbox.web ?? "", ada.email ?? "", 1)).toHaveLength(1);
    const { code, out } = await runAudit(home);
    expect(code, out).toBe(0);
  });
});

async function explained(entryId: string): Promise<ExplainedEntry> {
  const { gateway, adminKey } = system.endpoints;
  const response = await fetch(`${gateway}/v1/waitlists/${LIST}/entries/${entryId}`, {
    headers: { authorization: `Bearer ${adminKey}` },
  });
  assert.equal(response.status, 200);
  return (await response.json()) as ExplainedEntry;
}
