import { expect, test } from "vitest";
import { attemptOf } from "./attempt.ts";

test("an attempt is when, how it went, and the server's codes", () => {
  const failure = { cause: "EENVELOPE", command: "RCPT TO", replyCode: 451, enhancedCode: "4.2.1" };
  expect(attemptOf({ kind: "refused", permanent: false, failure }, 7)).toEqual({
    ...{ at: 7, outcome: "refused" },
    ...failure,
  });
  expect(attemptOf({ kind: "accepted" }, 7)).toEqual({ at: 7, outcome: "accepted" });
});

test("where the ledger held the mail back, there was none", () => {
  expect(attemptOf({ kind: "withheld" }, 7)).toBeNull();
  expect(attemptOf({ kind: "unrecorded" }, 7)).toBeNull();
});
