import { describe, expect, it } from "vitest";
import { CursorBeforeLogStart, CursorBeyondLogEnd, CursorRecordMismatch } from "../errors.ts";
import { firstOffset, lastRead } from "./cursor-fit.ts";
import { message } from "./messages.fixture.ts";
import { recordId } from "./record-id.ts";

const where = { group: "storage", topic: "events", partition: 2 };
const at = (next: number) => ({ next, recordId: "some" });

describe("where a partition is taken up", () => {
  it.each([
    { cursor: null, log: { start: 0, end: 9 }, from: 0 },
    { cursor: at(4), log: { start: 0, end: 9 }, from: 4 },
    { cursor: at(4), log: { start: 4, end: 9 }, from: 4 },
    { cursor: at(9), log: { start: 9, end: 9 }, from: 9 },
  ])("is $from with $cursor on $log", ({ cursor, log, from }) => {
    expect(firstOffset(cursor, log, where)).toBe(from);
  });

  it.each([
    { cursor: null, log: { start: 1, end: 9 }, error: CursorBeforeLogStart },
    { cursor: at(3), log: { start: 4, end: 9 }, error: CursorBeforeLogStart },
    { cursor: at(10), log: { start: 4, end: 9 }, error: CursorBeyondLogEnd },
  ])("is nowhere with $cursor on $log", ({ cursor, log, error }) => {
    expect(() => firstOffset(cursor, log, where)).toThrow(error);
  });
});

describe("the last record that was read", () => {
  const cursor = { next: 6, recordId: recordId(message(5, "five")) };

  it("is found again by its key and value", () => {
    expect(lastRead([message(4, "four"), message(5, "five"), message(6, "six")], cursor, where)).toBe("same");
  });

  it("is taken for the same when the log no longer has it", () => {
    expect(lastRead([message(6, "six")], cursor, where)).toBe("same");
  });

  it("is not seen in a batch that ends before it", () => {
    expect(lastRead([message(3, "three"), message(4, "four")], cursor, where)).toBe("unseen");
  });

  it("must not be another one", () => {
    expect(() => lastRead([message(5, "another")], cursor, where)).toThrow(CursorRecordMismatch);
  });
});
