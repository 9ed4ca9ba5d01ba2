import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRoom } from "./room.ts";

const of = (client: string, entry: string, network?: string) => ({ client, entry, network });

describe("the room for streams", () => {
  it("is bounded in all, by client and by entry, whichever is full first", () => {
    const room = createRoom({ maxStreams: 3, maxPerClient: 2, maxPerEntry: 1 });
    expect(room.enter(of("a", "1"))).toBeTypeOf("function");
    expect(room.enter(of("b", "1"))).toBe("entry");
    expect(room.enter(of("a", "2"))).toBeTypeOf("function");
    expect(room.enter(of("a", "3"))).toBe("client");
    expect(room.enter(of("b", "3"))).toBeTypeOf("function");
    expect(room.enter(of("c", "4"))).toBe("all");
  });

  it("of a network is that of 20 of its blocks, however many it has", () => {
    const room = createRoom({ maxStreams: 1000, maxPerClient: 1 });
    const entered = Array.from({ length: 30 }, (_, n) => room.enter(of(`block ${n}`, String(n), "network")));
    expect(entered.filter((each) => typeof each === "function")).toHaveLength(20);
    expect(room.enter(of("block 99", "99", "another"))).toBeTypeOf("function");
  });

  it("has no bounds but the one in all where none are given", () => {
    const room = createRoom({ maxStreams: 500 });
    const entered = Array.from({ length: 501 }, () => room.enter(of("a", "1", "n")));
    expect(entered.filter((each) => typeof each === "function")).toHaveLength(500);
  });

  it("is never more than allowed, nor lost, whoever comes and goes, and is given back once", () => {
    const step = fc.record({ client: fc.nat(2), entry: fc.nat(2), leaves: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const room = createRoom({ maxStreams: 5, maxPerClient: 3, maxPerEntry: 2 });
        const inside: { client: number; entry: number; leave: () => void }[] = [];
        for (const { client, entry, leaves } of steps) {
          if (leaves) {
            const gone = inside.shift();
            gone?.leave();
            gone?.leave();
            continue;
          }
          const clients = inside.filter((each) => each.client === client).length;
          const entries = inside.filter((each) => each.entry === entry).length;
          const expected = inside.length < 5 && clients < 3 && entries < 2;
          const leave = room.enter(of(String(client), String(entry)));
          expect(typeof leave === "function").toBe(expected);
          if (typeof leave === "function") inside.push({ client, entry, leave });
        }
      }),
    );
  });
});
