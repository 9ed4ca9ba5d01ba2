import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { describe, expect, test, vi } from "vitest";
import { createDataGate } from "./data-gate.ts";

const yes = async (): Promise<boolean> => true;
const messageOf = (...parts: string[]) => Readable.from(parts.map((part) => Buffer.from(part)));

describe("a message at the gate", () => {
  test("goes through whole once the ledger says yes", async () => {
    const gate = createDataGate(yes);
    expect(await text(gate.hold(messageOf("one ", "two")))).toBe("one two");
    expect(gate.begun()).toBe(true);
    expect(gate.stopped()).toBe(null);
  });

  test("isn't asked about before somebody reads", () => {
    const begin = vi.fn(yes);
    createDataGate(begin).hold(messageOf("one"));
    expect(begin).not.toHaveBeenCalled();
  });

  test.for([
    ["withheld", async (): Promise<boolean> => false],
    ["unrecorded", (): Promise<boolean> => Promise.reject(new Error("away"))],
  ] as const)("is %s where the ledger doesn't say yes", async ([stopped, begin]) => {
    const gate = createDataGate(begin);
    await expect(text(gate.hold(messageOf("one")))).rejects.toThrow();
    expect([gate.begun(), gate.stopped()]).toEqual([false, stopped]);
  });
});

describe("an attempt that ends before the first byte", () => {
  test("while the message is still being signed, after the ledger said yes: nothing goes through, then or later", async () => {
    const hasBegun = Promise.withResolvers<void>();
    const gate = createDataGate(async () => {
      hasBegun.resolve();
      return true;
    });
    const slow = new PassThrough();
    const read = text(gate.hold(slow));
    await hasBegun.promise;
    gate.shut();
    expect(gate.begun()).toBe(false);
    slow.end("the whole message");
    await expect(read).rejects.toThrow("the attempt is over");
    expect([gate.begun(), gate.stopped()]).toEqual([false, null]);
  });

  test("while the ledger is being asked: nothing goes through", async () => {
    const answer = Promise.withResolvers<boolean>();
    const gate = createDataGate(() => answer.promise);
    const read = text(gate.hold(messageOf("one")));
    gate.shut();
    answer.resolve(true);
    await expect(read).rejects.toThrow("the attempt is over");
    expect(gate.begun()).toBe(false);
  });
});
