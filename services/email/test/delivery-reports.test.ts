// Reports as mail servers send them, and as somebody sends them who means no good.
import { Registry } from "@waitlist/runtime";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { readReportParts } from "../src/adapters/report-parts.ts";
import { messageIdOf } from "../src/domain/mail.ts";
import { createReportReceiver } from "../src/reports/receive-report.ts";

const MAIL = "welcome:aaaaaaaaaaaaaaaaaaaaaaaaaa:41";
const MESSAGE_ID = messageIdOf(MAIL, "waitlist.example");
const ADDRESS = "ada@example.com";

interface Said {
  fields: string;
  returnedAs?: string;
  headers?: string;
  message?: string;
}

const report = ({ fields, returnedAs = "text/rfc822-headers", headers, message }: Said) =>
  Buffer.from(
    [
      "Return-Path: <>",
      "From: MAILER-DAEMON@mx.example.com (Mail Delivery System)",
      "To: bounces@waitlist.example",
      "Auto-Submitted: auto-replied",
      'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B/1"',
      "",
      "This is a MIME-encapsulated message.",
      "",
      "--B/1\r\nContent-Type: text/plain; charset=us-ascii\r\n",
      `<${ADDRESS}>: host mx.example.com said: 550 5.1.1 <${ADDRESS}> unknown`,
      "",
      "--B/1\r\nContent-Type: message/delivery-status\r\n",
      message ?? "Reporting-MTA: dns; mx.example.com\r\nArrival-Date: Thu, 26 Nov 2026 10:00:00 +0000",
      "",
      `Final-Recipient: rfc822; ${ADDRESS}\r\nOriginal-Recipient: rfc822;${ADDRESS}`,
      fields,
      "",
      `--B/1\r\nContent-Type: ${returnedAs}\r\n`,
      headers ??
        `From: First <waitlist@localhost>\r\nTo: ${ADDRESS}\r\nMessage-ID: ${MESSAGE_ID}\r\nSubject: Hello`,
      "",
      "<p>Hello</p>",
      "--B/1--",
      "",
    ].join("\r\n"),
  );

function start() {
  const registry = new Registry();
  const findByMessageId = vi.fn(async (id: string) => (id === MESSAGE_ID ? { id: MAIL } : null));
  const reportUndeliverable = vi.fn(async () => undefined);
  const reports = { findByMessageId, reportUndeliverable };
  const receive = createReportReceiver({ reports, readParts: readReportParts, registry });
  return { receive, findByMessageId, reportUndeliverable, registry };
}

describe("a report about a mail of ours", () => {
  test.for([
    "text/rfc822-headers",
    "message/rfc822",
    "message/global-headers",
    "message/rfc822; charset=utf-8",
  ])("that it has failed for good marks it, with what was sent returned as %s", async (returnedAs) => {
    const { receive, reportUndeliverable } = start();
    const message = report({ fields: "Action: failed\r\nStatus: 5.1.1", returnedAs });
    const answer = await receive(message, "mta");
    expect(answer).toEqual({ matched: true, action: "failed", status: "5.1.1" });
    expect(reportUndeliverable.mock.calls).toEqual([
      [{ mailId: MAIL, status: "5.1.1", cause: "delivery-report", reportedBy: "mta" }],
    ]);
  });

  test.for([
    ["Action: delayed\r\nStatus: 4.4.1", "delayed"],
    ["Action: failed\r\nStatus: 4.4.7", "failed"],
    ["Action: delivered\r\nStatus: 2.0.0", "delivered"],
    ["Action: relayed\r\nStatus: 2.0.0", "relayed"],
  ])("with %j changes nothing", async ([fields = "", action]) => {
    const { receive, reportUndeliverable } = start();
    expect(await receive(report({ fields }))).toMatchObject({ matched: true, action });
    expect(reportUndeliverable).not.toHaveBeenCalled();
  });

  test("is found by its envelope's id where nothing was returned", async () => {
    const { receive, reportUndeliverable } = start();
    const message = `Original-Envelope-Id: ${MESSAGE_ID.slice(1, -1)}\r\nReporting-MTA: dns; mx.example.com`;
    const fields = "Action: failed\r\nStatus: 5.1.1";
    expect(await receive(report({ fields, message, headers: "Subject: Hello" }))).toMatchObject({
      matched: true,
    });
    expect(reportUndeliverable).toHaveBeenCalledTimes(1);
  });

  test("is counted, and neither the answer nor the metrics name anybody", async () => {
    const { receive, registry } = start();
    const answer = await receive(report({ fields: "Action: failed\r\nStatus: 5.1.1" }));
    const metrics = await registry.metrics();
    expect(metrics).toContain('waitlist_mail_reports_total{action="failed",matched="true"} 1');
    expect(JSON.stringify(answer) + metrics).not.toMatch(/ada|example\.com/);
  });

  test("that can't be recorded now is to be sent again", async () => {
    const { receive, reportUndeliverable } = start();
    reportUndeliverable.mockRejectedValueOnce(new Error("away"));
    await expect(receive(report({ fields: "Action: failed\r\nStatus: 5.1.1" }))).rejects.toThrow("away");
  });
});

describe("what is no report about a mail of ours", () => {
  test("is answered and changes nothing: another's mail, a holiday note, nothing at all", async () => {
    const { receive, reportUndeliverable } = start();
    const headers = `Message-ID: ${messageIdOf("welcome:b:1", "waitlist.example")}`;
    const fields = "Action: failed\r\nStatus: 5.1.1";
    expect(await receive(report({ fields, headers }))).toEqual({
      matched: false,
      action: "failed",
      status: "5.1.1",
    });
    const note = `From: ${ADDRESS}\r\nSubject: away\r\nIn-Reply-To: ${MESSAGE_ID}\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n`;
    expect(await receive(Buffer.from(note))).toEqual({ matched: false });
    expect(await receive(Buffer.alloc(0))).toEqual({ matched: false });
    expect(reportUndeliverable).not.toHaveBeenCalled();
  });

  test("whatever it is, it is answered", async () => {
    const { receive, reportUndeliverable } = start();
    const whole = report({ fields: "Action: failed\r\nStatus: 5.1.1", headers: "Subject: none" });
    const broken = fc
      .tuple(fc.nat(whole.length), fc.nat(whole.length), fc.uint8Array({ maxLength: 200 }))
      .map(([from, to, bytes]) => Buffer.concat([whole.subarray(0, from), bytes, whole.subarray(to)]));
    const anything = fc.oneof(broken, fc.uint8Array({ maxLength: 2000 }));
    await fc.assert(
      fc.asyncProperty(anything, async (message) => {
        expect(await receive(message)).toMatchObject({ matched: false });
      }),
      { numRuns: 1000 },
    );
    expect(reportUndeliverable).not.toHaveBeenCalled();
  });

  test.for([
    ["parts within parts", (n: number) => `Content-Type: multipart/mixed; boundary=${n}\r\n\r\n--${n}\r\n`],
    ["messages within messages", () => "Content-Type: message/rfc822\r\n\r\n"],
    ["headers without end", () => "X-Long: a b c\r\n"],
    ["one folded header", () => " folded\r\n"],
    ["boundaries", () => "--B\r\n"],
  ] as const)("256 KiB of %s take no time to speak of", async ([_what, unit]) => {
    const { receive } = start();
    let text = "Content-Type: multipart/report; boundary=B\r\n";
    for (let n = 0; text.length < 256 * 1024; n++) text += unit(n);
    const began = performance.now();
    expect(await receive(Buffer.from(text))).toEqual({ matched: false });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
