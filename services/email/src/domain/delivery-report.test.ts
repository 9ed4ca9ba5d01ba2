import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDeliveryReport, showsUndeliverable } from "./delivery-report.ts";

const ID = `<${"ab".repeat(20)}@waitlist.example>`;
const OTHER = `<${"cd".repeat(20)}@waitlist.example>`;
const status = (recipient: string, message = "Reporting-MTA: dns; mx.example.com") =>
  `${message}\r\n\r\nFinal-Recipient: rfc822; ada@example.com\r\n${recipient}\r\n`;
const returned = `From: First <waitlist@localhost>\r\nMessage-ID:\r\n ${ID}\r\nSubject: Hello\r\n`;

describe("a report", () => {
  test("says what became of a mail, and of which, and nobody's address", () => {
    const report = readDeliveryReport({ status: status("Action: failed\r\nStatus: 5.1.1"), returned });
    expect(report).toEqual({ action: "failed", status: "5.1.1", messageIds: [ID] });
  });

  test.for([
    [
      "folded fields in other letters",
      "ACTION:\r\n  Failed\r\nstatus:\t5.1.1 (bad destination mailbox)",
      "failed 5.1.1",
    ],
    ["line ends of Unix", "Action: delayed\nStatus: 4.4.1", "delayed 4.4.1"],
    ["of two fields the first", "Action: relayed\r\nAction: failed\r\nStatus: 2.0.0", "relayed 2.0.0"],
    [
      "the worst of several recipients",
      "Action: delivered\r\nStatus: 2.1.5\r\n\r\nAction: failed\r\nStatus: 5.2.1",
      "failed 5.2.1",
    ],
  ] as const)("is read with %s", ([_what, fields, expected]) => {
    const report = readDeliveryReport({ status: status(fields), returned });
    expect(`${report?.action} ${report?.status}`).toBe(expected);
  });

  test("is read where the blank line before the recipient is missing", () => {
    const fields = "Reporting-MTA: dns; mx.example.com\r\nAction: failed\r\nStatus: 5.1.1";
    expect(readDeliveryReport({ status: fields, returned: null })).toMatchObject({ status: "5.1.1" });
  });

  test.for([
    ["Action: failed", "no status"],
    ["Status: 5.1.1", "no action"],
    ["Action: exploded\r\nStatus: 5.1.1", "an action that doesn't exist"],
    ["Action: failed\r\nStatus: 5.1", "half a status"],
    ["Action: failed\r\nStatus: 5.1.1.1", "a status of four"],
    ["Action: failed\r\nStatus: 3.1.1", "a status of no class"],
  ])("with %j says nothing: %s", ([fields = ""]) => {
    expect(readDeliveryReport({ status: status(fields), returned })).toBeNull();
  });

  test("finds the mail by its envelope's id, too, which comes first", () => {
    const envelope = `Original-Envelope-Id: ${"cd".repeat(20)}+40waitlist.example`;
    const fields = status("Action: failed\r\nStatus: 5.1.1", envelope);
    expect(readDeliveryReport({ status: fields, returned })?.messageIds).toEqual([OTHER, ID]);
    expect(readDeliveryReport({ status: fields, returned: null })?.messageIds).toEqual([OTHER]);
  });

  test("prefers what was kept of a Message-ID that somebody on the way has replaced", () => {
    const replaced = `Message-ID: <0102@eu-central-1.amazonses.com>\r\nX-Original-Message-ID: ${ID}\r\n`;
    const fields = status("Action: failed\r\nStatus: 5.1.1");
    expect(readDeliveryReport({ status: fields, returned: replaced })?.messageIds).toEqual([ID]);
  });

  test("looks for ids of our form alone, and in the headers alone", () => {
    const inBody = `Subject: x\r\n\r\nMessage-ID: ${ID}\r\n`;
    const strange = `Message-ID: <${"ab".repeat(20)}@$where>\r\n`;
    for (const each of [inBody, strange, "Message-ID: <{}>"]) {
      const fields = status("Action: failed\r\nStatus: 5.1.1");
      expect(readDeliveryReport({ status: fields, returned: each })?.messageIds).toEqual([]);
    }
  });
});

test.for([
  ["failed", "5.1.1", true],
  ["failed", "4.4.7", false],
  ["delayed", "5.1.1", false],
  ["delivered", "2.0.0", false],
  ["relayed", "2.0.0", false],
  ["failed", "5.2.2", true],
  ["failed", "5.0.0", false],
  ["failed", "5.3.4", false],
  ["failed", "5.4.1", false],
  ["failed", "5.4.4", false],
  ["failed", "5.7.1", false],
] as const)("%s with %s shows that the address takes no mail: %s", ([action, code, expected]) => {
  expect(showsUndeliverable({ action, status: code })).toBe(expected);
});

describe("whatever a stranger sends", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(
      ...[
        "Action: failed",
        "Status: 5.1.1",
        "\r\n",
        "\r\n\r\n",
        "\n",
        " ",
        "\t",
        ":",
        "::",
        "+",
        "+4",
        "Action:",
        "\0",
      ],
      ...[
        "__proto__: x",
        "constructor: y",
        "Original-Envelope-Id: ",
        `Message-ID: ${ID}`,
        "5.1.1".repeat(50),
      ],
    ),
  );
  const text = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(""));

  test("it never throws, and says only what fits", () => {
    fc.assert(
      fc.property(text, fc.option(text), (fields, headers) => {
        const report = readDeliveryReport({ status: fields, returned: headers });
        if (report === null) return;
        expect(report.status).toMatch(/^[245]\.\d{1,3}\.\d{1,3}$/);
        expect(["failed", "delayed", "delivered", "relayed", "expanded"]).toContain(report.action);
        expect(report.messageIds.length).toBeLessThanOrEqual(3);
        for (const id of report.messageIds) expect(id).toMatch(/^<[0-9a-f]{40}@[A-Za-z0-9.:[\]-]+>$/);
      }),
      { numRuns: 3000 },
    );
  });

  test.for(["\r\n", "\r\n\r\n", " \r\n", "\r\n ", "a:\r\n ", "Action: failed\r\n\r\n", "+2B", ":", "5.1.1"])(
    "256 KiB of %j take no time to speak of",
    (unit) => {
      const long = unit.repeat(Math.floor((256 * 1024) / unit.length));
      const began = performance.now();
      readDeliveryReport({ status: long, returned: long });
      readDeliveryReport({ status: `Original-Envelope-Id: ${long}`, returned: `Message-ID: ${long}` });
      readDeliveryReport({ status: `Status: ${long}`, returned: null });
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});
