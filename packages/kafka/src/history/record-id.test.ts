import { expect, it } from "vitest";
import { recordId } from "./record-id.ts";

const id = (key: string | null, value: string | null) =>
  recordId({
    key: key === null ? null : Buffer.from(key),
    value: value === null ? null : Buffer.from(value),
  });

it("tells records apart by key and value, and by where one ends and the other begins", () => {
  const ids = [id("ab", "c"), id("a", "bc"), id("", "abc"), id(null, "abc"), id("abc", null), id("abc", "")];
  expect(new Set(ids).size).toBe(ids.length);
});

it("is the same for the same record for ever, since databases keep it", () => {
  expect(id("list", '{"type":"WaitlistJoined"}')).toBe("-UY0b4fti-ABGu7y");
});
