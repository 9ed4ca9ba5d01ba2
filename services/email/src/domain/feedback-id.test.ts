import { expect, test } from "vitest";
import { feedbackIdOf } from "./feedback-id.ts";

const mail = { kind: "invite", waitlistId: "socialode" } as const;

test.for([
  ["waitlist.example", "invite:socialode:transactional:waitlist-exampl"],
  ["a.io", "invite:socialode:transactional:a-io-"],
  ["localhost", "invite:socialode:transactional:localhost"],
  ["[::1]", "invite:socialode:transactional:-1---"],
] as const)("at %s it is %s", ([host, expected]) => {
  expect(feedbackIdOf(mail, host)).toBe(expected);
});

test("it has four fields, whatever the list is called", () => {
  const id = feedbackIdOf({ ...mail, waitlistId: "a:b\r\nBcc: c" }, "waitlist.example");
  expect(id.split(":")).toHaveLength(4);
  expect(id).toMatch(/^[\x21-\x7e]+$/);
});
