import { expect, test } from "vitest";
import { readFailure } from "./smtp-reply.ts";

test.for([
  ["the recipient is unknown", { code: "EENVELOPE", command: "RCPT TO", responseCode: 550 }, true],
  ["the mailbox is busy", { code: "EENVELOPE", command: "RCPT TO", responseCode: 451 }, false],
  ["the session is out of order", { code: "EENVELOPE", command: "MAIL FROM", responseCode: 503 }, false],
  ["we should have logged in", { code: "EENVELOPE", command: "MAIL FROM", responseCode: 530 }, false],
  ["the address can't be one", { code: "EENVELOPE", command: "API" }, true],
  ["the server talks nonsense", { code: "EENVELOPE", command: "RCPT TO" }, false],
  [
    "the server answers another question",
    { code: "EENVELOPE", command: "RCPT TO", responseCode: 354 },
    false,
  ],
] as const)("before the message, %s: refused", ([_what, error, permanent]) => {
  expect(readFailure(error, false)).toMatchObject({ kind: "refused", permanent });
});

test.for([
  ["no connection", { code: "ESOCKET", command: "CONN" }],
  ["a cut connection", { code: "ECONNECTION", command: "CONN" }],
  ["a server that closes", { code: "ECONNECTION", command: "CONN", responseCode: 421 }],
  ["a wrong password", { code: "EAUTH", command: "AUTH PLAIN", responseCode: 535 }],
  ["an error without a name", {}],
] as const)("before the message, %s: the server was not reached", ([_what, error]) => {
  expect(readFailure(error, false)).toMatchObject({ kind: "unreached" });
});

test("an answer to the message itself is a refusal, though the message went out", () => {
  const error = { code: "EMESSAGE", command: "DATA" };
  expect(readFailure({ ...error, responseCode: 554 }, true)).toMatchObject({
    kind: "refused",
    permanent: true,
  });
  expect(readFailure({ ...error, responseCode: 452 }, true)).toMatchObject({
    kind: "refused",
    permanent: false,
  });
});

test.for([
  { code: "ECONNECTION", command: "CONN" },
  { code: "ECONNECTION", command: "CONN", responseCode: 421 },
  { code: "ETIMEDOUT", command: "CONN" },
  { code: "ESTREAM", command: "API" },
  // Words that are no answer to the message: it may have been taken all the same.
  { code: "EMESSAGE", command: "DATA" },
  { code: "EMESSAGE", command: "DATA", responseCode: 354 },
  {},
])("once the message has begun, %o leaves it open whether it arrived", (error) => {
  expect(readFailure(error, true)).toMatchObject({ kind: "unanswered" });
});

test("a failure keeps codes and no words, since servers repeat addresses in theirs", () => {
  const error = {
    code: "EENVELOPE",
    command: "RCPT TO",
    responseCode: 550,
    response: "550 <a@example.com> unknown",
  };
  expect(JSON.stringify(readFailure(error, false))).not.toContain("example.com");
});

test.for([
  ["550 5.1.1 <a@example.com> unknown", "5.1.1"],
  ["550-5.7.26 unauthenticated\n550 5.7.26 mail", "5.7.26"],
  ["550 no such user", undefined],
  ["550 5.1.1x no code", undefined],
  ["see 550 5.1.1", undefined],
] as const)("the enhanced code is read from where it has to stand: %s", ([response, enhancedCode]) => {
  const error = { code: "EENVELOPE", command: "RCPT TO", responseCode: 550, response };
  expect(readFailure(error, false)).toHaveProperty("failure", {
    ...{ cause: "EENVELOPE", command: "RCPT TO", replyCode: 550 },
    ...(enhancedCode ? { enhancedCode } : {}),
  });
});
