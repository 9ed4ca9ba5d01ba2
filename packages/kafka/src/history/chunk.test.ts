import { describe, expect, it } from "vitest";
import { cutChunk } from "./chunk.ts";
import { message } from "./messages.fixture.ts";
import type { Decoded } from "./types.ts";

const decode = (value: Buffer | null): Decoded<string> => {
  const event = value?.toString() ?? "";
  if (event === "poison") return { kind: "poison", cause: "bad" };
  if (event === "half") return { kind: "event", event, unreadable: "its name" };
  return event === "new" ? { kind: "unsupported", cause: "too new" } : { kind: "event", event };
};

const cut = (texts: string[], { next = 10, maxRecords = 100, firstOffset = 10 } = {}) =>
  cutChunk(
    texts.map((text, index) => message(firstOffset + index, text)),
    { partition: 3, next },
    maxRecords,
    decode,
  );

describe("a chunk", () => {
  it("holds the records in order, each with its offset, time and headers", () => {
    const headers = { redriven: Buffer.from("yes"), many: ["first", "second"] };
    const chunk = cutChunk([message(4, "a", headers)], { partition: 3, next: 4 }, 10, decode);
    expect(chunk.records).toEqual([
      {
        partition: 3,
        offset: 4,
        timestamp: 1_700_000_000_004,
        event: "a",
        headers: { redriven: "yes", many: "first" },
      },
    ]);
    expect(chunk).toMatchObject({ first: 4, next: 5, last: { offset: "4" } });
  });

  it("passes over what lies before the offset expected", () => {
    const chunk = cut(["old", "old", "a", "b"], { firstOffset: 8 });
    expect(chunk.records.map(({ event }) => event)).toEqual(["a", "b"]);
    expect(chunk).toMatchObject({ first: 10, next: 12 });
  });

  it("is empty when everything lies before it", () => {
    const chunk = cut(["old", "old"], { firstOffset: 8 });
    expect(chunk).toEqual({ first: 10, next: 10, records: [], dead: [] });
  });

  it("ends at a hole, and takes nothing from beyond it", () => {
    expect(cut(["a"], { firstOffset: 11 })).toMatchObject({
      next: 10,
      records: [],
      halt: { kind: "gap", found: 11 },
    });
  });

  it("ends with its limit of records, poison counted", () => {
    const chunk = cut(["a", "poison", "b"], { maxRecords: 2 });
    expect(chunk.records.map(({ event }) => event)).toEqual(["a"]);
    expect(chunk).toMatchObject({ next: 12, last: { offset: "11" } });
    expect(chunk.halt).toBeUndefined();
  });

  it("sets poison and unreadable rests aside, and keeps the place of the latter", () => {
    const chunk = cut(["poison", "half", "a"]);
    expect(chunk.dead.map(({ message: { offset }, cause }) => [offset, cause])).toEqual([
      ["10", "bad"],
      ["11", "its name"],
    ]);
    expect(chunk.records).toMatchObject([
      { offset: 11, unreadable: "its name" },
      { offset: 12, event: "a" },
    ]);
  });

  it("ends before a record that this build doesn't know", () => {
    const chunk = cut(["a", "new", "b"]);
    expect(chunk).toMatchObject({ next: 11, dead: [], halt: { kind: "unsupported", cause: "too new" } });
    expect(chunk.records).toHaveLength(1);
  });
});
