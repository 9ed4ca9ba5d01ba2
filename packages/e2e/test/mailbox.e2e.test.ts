// One person's way through a list with double opt-in, by the real mails, and what a scanner that reads them can do.
import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdminEntry, JoinAccepted, MailsPage, ReceiptView } from "@waitlist/contracts";
import { createApi, type System, startSystem } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import { linkTo, mailsTo } from "./support/mailbox.ts";

const LIST = "mailbox";
const ADA = "ada@mailbox.example.com";

let home: string;
let system: System;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-mailbox-"));
  system = await startSystem({ home, mode: "auto", env: process.env });
  const definition = { name: "Mailbox", doubleOptIn: true };
  expect((await api().defineList(LIST, definition)).status).toBe(201);
});

afterAll(async () => {
  await system?.stop();
  await rm(home, { recursive: true, force: true });
});

const api = () => createApi(system.endpoints.gateway, system.endpoints.adminKey);
const signUp = async (email: string) =>
  (await api().join(LIST, { email, name: "<b>Ada</b>" })).body as unknown as JoinAccepted;
const statusOf = async (entryId: string, status: AdminEntry["status"]) =>
  eventually(async () => {
    const entry = (await api().entries(LIST)).find((each) => each.entryId === entryId);
    assert.equal(entry?.status, status);
    return entry;
  }, 20_000);
/** A page or a call of the mail's, reached where this test's gateway listens. */
const at = ({ pathname, search }: URL) => new URL(pathname + search, system.endpoints.gateway);

test("a place is reserved, confirmed by a button alone, shown, left by one click, and forgotten", async () => {
  const ada = await signUp(ADA);
  const bob = await signUp("bob@mailbox.example.com");
  const [asked] = await mailsTo(system.endpoints.mailbox.web ?? "", ADA, 1);
  assert.ok(asked);
  expect(asked.source).not.toContain("<b>Ada");
  expect((await statusOf(ada.entryId, "pending")).position).toBe(1);

  // A scanner follows every link, by every method that only looks.
  for (const link of asked.links) {
    for (const method of ["GET", "HEAD"]) {
      const response = await fetch(at(new URL(link)), { method });
      expect(response.status, `${method} ${new URL(link).pathname}`).toBe(200);
    }
  }
  // Whatever it has put on the log would stand before this.
  await signUp("carol@mailbox.example.com");
  await statusOf((await signUp("carol@mailbox.example.com")).entryId, "pending");
  await statusOf(ada.entryId, "pending");

  const token = linkTo(asked, "/confirm").searchParams.get("token") ?? "";
  const pressed = await fetch(new URL("/confirm", system.endpoints.gateway), {
    method: "POST",
    body: new URLSearchParams({ token }),
  });
  expect(await pressed.text()).toContain("confirmed");
  expect((await statusOf(ada.entryId, "waiting")).position).toBe(1);

  const [, welcome] = await mailsTo(system.endpoints.mailbox.web ?? "", ADA, 2);
  assert.ok(welcome);
  const status = linkTo(welcome, "/v1/entries/");
  const shown = await (await fetch(at(status))).json();
  expect(shown).toMatchObject({ status: "waiting", position: 1, email: ADA, name: "<b>Ada</b>" });
  const receipt = `${system.endpoints.gateway}/v1/receipts/${ada.receipt}`;
  const mailed = { authorization: `Bearer ${status.searchParams.get("token")}` };
  const proof = async () => (await (await fetch(receipt, { headers: mailed })).json()) as ReceiptView;
  expect((await proof()).place).toMatchObject({ outcome: "placed", position: 1, ended: false });

  // RFC 8058: what stands in the head is enough.
  expect(welcome.source).toContain("List-Unsubscribe-Post: List-Unsubscribe=One-Click");
  const left = await fetch(at(linkTo(welcome, "/v1/unsubscribe/")), {
    method: "POST",
    body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
  });
  expect(left.status).toBe(204);
  await statusOf(ada.entryId, "left");

  // Joining again is a new place at the end; a former mail shows only the place that it was sent for.
  await signUp(ADA);
  await eventually(async () => assert.equal((await statusOf(ada.entryId, "pending")).position, 4), 20_000);
  expect(await (await fetch(at(status))).json()).toMatchObject({ status: "left", position: 1 });

  // Forgotten with the later place too; the numbers stay taken.
  const erased = await fetch(at(status), { method: "DELETE" });
  expect(erased.status).toBe(204);
  expect(await proof()).toMatchObject({ place: { outcome: "placed", position: 1, ended: true } });
  expect((await statusOf(bob.entryId, "pending")).position).toBe(2);
  await expectForgotten();
  await expectNotWrittenDown([token, ada.statusToken, ada.receipt, status.searchParams.get("token") ?? ""]);
}, 120_000);

test("a report that a mail didn't arrive is shown with the entry, and nothing more is written to it", async () => {
  const [list, dora] = ["bounces", "dora@mailbox.example.com"];
  expect((await api().defineList(list, { name: "Bounces" })).status).toBe(201);
  await api().join(list, { email: dora });
  const [welcome] = await mailsTo(system.endpoints.mailbox.web ?? "", dora, 1);
  const messageId = /^Message-ID: (<.*>)\r?$/im.exec(welcome?.source ?? "")?.[1] ?? "";
  const headers = { authorization: `Bearer ${system.endpoints.adminKey}`, "content-type": "message/rfc822" };
  const pipe = async (body: string) =>
    (
      await fetch(`${system.endpoints.gateway}/v1/mail/delivery-reports`, { method: "POST", headers, body })
    ).json();
  expect(await pipe(reportOn("<somebody-elses@example.com>", dora))).toEqual({
    ...{ matched: false, action: "failed", status: "5.1.1" },
  });
  expect(await pipe(reportOn(messageId, dora))).toEqual({ matched: true, action: "failed", status: "5.1.1" });

  await eventually(async () => {
    const [entry] = await api().entries(list);
    assert.equal(entry?.undeliverable?.status, "5.1.1");
  }, 20_000);
  expect((await api().invite(list, 1, "dora")).status).toBe(202);
  await eventually(async () => {
    const path = `/v1/waitlists/${list}/mails?kind=invite`;
    const answer = await fetch(new URL(path, system.endpoints.gateway), { headers });
    const { items } = (await answer.json()) as MailsPage;
    assert.deepEqual(
      items.map(({ status }) => status),
      ["suppressed"],
    );
  }, 20_000);
  await mailsTo(system.endpoints.mailbox.web ?? "", dora, 1);
}, 120_000);

/** As the reader's mail server sends it. */
const reportOn = (messageId: string, address: string): string =>
  [
    "From: MAILER-DAEMON@mx.example.com",
    'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"',
    "\r\n--B\r\nContent-Type: text/plain\r\n\r\nThere is no such mailbox here.",
    "\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com",
    `\r\nFinal-Recipient: rfc822; ${address}\r\nAction: failed\r\nStatus: 5.1.1`,
    `\r\n--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: ${messageId}\r\nTo: ${address}`,
    "\r\n--B--\r\n",
  ].join("\r\n");

/** Nothing of the person is in any database. */
async function expectForgotten(): Promise<void> {
  const client = await new MongoClient(system.endpoints.mongodb).connect();
  try {
    for (const name of ["waitlist_storage", "waitlist_email", "waitlist_invite"]) {
      await eventually(async () => {
        for (const collection of await client.db(name).collections()) {
          const text = JSON.stringify(await collection.find().toArray());
          assert.ok(!text.includes(ADA), `${name}.${collection.collectionName}`);
        }
      }, 20_000);
    }
  } finally {
    await client.close();
  }
}

async function expectNotWrittenDown(secrets: string[]): Promise<void> {
  const logs = join(home, "logs");
  for (const file of await readdir(logs)) {
    const text = await readFile(join(logs, file), "utf8");
    for (const secret of [...secrets, ADA]) expect(text.includes(secret), file).toBe(false);
  }
}
