import { decodeEvent, encodeEvent } from "@waitlist/contracts";
import { describe, expect, test } from "vitest";
import { showsUndeliverable } from "./delivery-report.ts";
import { isAboutTheAddress, undeliverableBy, undeliverableFact } from "./undeliverable.ts";
import type { Failure } from "./verdict.ts";

const atRcpt = (replyCode: number, enhancedCode?: string): Failure => ({
  ...{ cause: "EENVELOPE", command: "RCPT TO", replyCode },
  ...(enhancedCode ? { enhancedCode } : {}),
});
const atMessage = (replyCode: number, enhancedCode?: string): Failure => ({
  ...atRcpt(replyCode, enhancedCode),
  ...{ cause: "EMESSAGE", command: "DATA" },
});

test.for([
  ["there is no such mailbox", atRcpt(550)],
  ["there is none here", atRcpt(551)],
  ["the mailbox is full for good", atRcpt(552)],
  ["it can't be a mailbox", atRcpt(553, "5.1.3")],
  ["a server says so in its own words", atRcpt(554)],
  ["the domain takes no mail", atRcpt(556, "5.1.10")],
  ["an enhanced code says so, whatever the reply", atRcpt(571, "5.1.1")],
  ["the mailbox is disabled, said after the message", atMessage(554, "5.2.1")],
  ["there is no such mailbox, said after the message", atMessage(550)],
] as const)("an address takes no mail where %s", ([_what, failure]) => {
  expect(undeliverableBy(failure, 7)).toMatchObject({ at: 7, source: "smtp", replyCode: failure.replyCode });
});

describe("a refusal says nothing of the address", () => {
  test.for([
    ["it is for now only", atRcpt(451, "4.2.1")],
    ["the session was out of order", atRcpt(503)],
    ["we should have logged in", atRcpt(530, "5.7.0")],
    ["we are not let through", atRcpt(550, "5.7.1")],
    ["the sender's address is refused", atRcpt(550, "5.1.8")],
    ["the sender was refused", { ...atRcpt(550), command: "MAIL FROM" }],
    ["the message is too large", atMessage(552)],
    ["the message is too large for that mailbox", atMessage(552, "5.2.3")],
    ["the message is taken for spam", atMessage(554, "5.7.1")],
    ["nobody says why", atMessage(554)],
    ["the connection was cut", { cause: "ECONNECTION", command: "CONN", replyCode: 554 }],
    ["no letter could be made", { cause: "ECOMPOSE" }],
    ["the library refused it", { cause: "EENVELOPE", command: "API" }],
  ] as const)("where %s", ([_what, failure]) => {
    expect(undeliverableBy(failure, 7)).toBeNull();
  });
});

test.for([
  ["5.1.1", true],
  ["5.1.10", true],
  ["5.2.1", true],
  ["5.2.2", true],
  ["5.1.8", false],
  ["5.2.3", false],
  ["5.0.0", false],
  ["5.3.4", false],
  ["5.4.1", false],
  ["5.4.4", false],
  ["5.7.1", false],
  ["4.2.2", false],
] as const)("%s is about the address: %s, in a refusal as in a report", ([status, expected]) => {
  expect(isAboutTheAddress(status)).toBe(expected);
  expect(undeliverableBy(atRcpt(550, status), 7) !== null).toBe(expected);
  expect(showsUndeliverable({ action: "failed", status })).toBe(expected);
});

const mail = {
  ...{ id: `welcome:${"a".repeat(26)}:17`, waitlistId: "first", entryId: "a".repeat(26), joinOffset: 17 },
};

test("the fact is one that everybody can read, the same for a mail however often it is made", () => {
  const known = undeliverableBy(atRcpt(550, "5.1.1"), 7000);
  if (!known) throw new Error("that is about the address");
  const fact = undeliverableFact(mail, known);
  const decoded = decodeEvent(encodeEvent(fact));
  expect(decoded).toEqual({ kind: "event", event: fact });
  expect(fact.data).toEqual({
    ...{ waitlistId: "first", entryId: mail.entryId, joinOffset: 17, mailId: mail.id },
    ...{ cause: "recipient-refused", replyCode: 550, status: "5.1.1", source: "smtp" },
  });
  expect(undeliverableFact(mail, { ...known, at: 9000 }).id).toBe(fact.id);
  expect(undeliverableFact({ ...mail, id: "invite:i-1" }, known).id).not.toBe(fact.id);
});
