import { describe, expect, test } from "vitest";
import { isTooLate, reminderTime } from "./reminder.ts";

const HOUR = 60 * 60 * 1000;
const causedAt = Date.parse("2026-05-01T17:00:00Z");
const mail = { invite: { code: "ABCD-EFGH-2345", expiresAt: "2026-05-08T17:00:00Z" }, causedAt };
const expiresAt = Date.parse(mail.invite.expiresAt);

describe("a reminder is due", () => {
  test("so many hours before the invite expires", () => {
    expect(reminderTime(mail, 24, causedAt)).toBe(expiresAt - 24 * HOUR);
  });

  test.for<[string, number | undefined, number]>([
    ["where the list wants none", undefined, causedAt],
    ["at the time of the invite itself", 168, causedAt],
    ["before the invite", 169, causedAt],
    ["when its time is over as the invite is mailed", 24, expiresAt - 24 * HOUR],
  ])("never %s", ([_when, hours, now]) => {
    expect(reminderTime(mail, hours, now)).toBeNull();
  });

  test("one millisecond after the invite, at the earliest", () => {
    expect(reminderTime({ ...mail, causedAt: causedAt - 1 }, 168, causedAt - 1)).toBe(causedAt);
  });
});

test("a reminder is too late from the moment at which its invite expires; no other mail ever is", () => {
  expect(isTooLate({ ...mail, kind: "reminder" }, expiresAt - 1)).toBe(false);
  expect(isTooLate({ ...mail, kind: "reminder" }, expiresAt)).toBe(true);
  expect(isTooLate({ kind: "reminder" }, 0)).toBe(true);
  expect(isTooLate({ ...mail, kind: "invite" }, expiresAt)).toBe(false);
});
