import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clientBlockOf, networkOf } from "./client-block.ts";

describe("the block of addresses that is one client", () => {
  it.each([
    ["192.0.2.1", "4:192.0.2.1"],
    ["::ffff:192.0.2.1", "4:192.0.2.1"],
    ["::ffff:c000:201", "4:192.0.2.1"],
    ["2001:db8:1:2:3:4:5:6", "6:2001:db8:1:2"],
    ["2001:DB8:1:2::", "6:2001:db8:1:2"],
    ["::1", "6:0:0:0:0"],
    ["fe80::1%eth0", "6:fe80:0:0:0"],
  ])("%s is of %s", (address, block) => {
    expect(clientBlockOf(address)).toBe(block);
  });

  it.each([
    "",
    "unknown",
    "192.0.2",
    "1",
    "0x7f.1",
    "192.0.2.1:80",
    "[::1]",
    "192.0.2.1/24",
    "192.0.2.256",
    "::g",
  ])("%j is no address", (text) => {
    expect(clientBlockOf(text)).toBeNull();
  });

  it("is the same for all of a /64, another for its neighbour", () => {
    const part = fc.integer({ min: 1, max: 0xffff });
    const half = fc.tuple(part, part, part, part);
    const blockOf = (...parts: number[]) => clientBlockOf(parts.map((each) => each.toString(16)).join(":"));
    fc.assert(
      fc.property(half, half, half, ([a, b, c, d], one, other) => {
        expect(blockOf(a, b, c, d, ...one)).toBe(blockOf(a, b, c, d, ...other));
        expect(blockOf(a, b, c, d, ...one)).not.toBe(blockOf(a, b, c, d ^ 1, ...one));
      }),
    );
  });

  it.each([
    ["2001:db8:1:2:3:4:5:6", "6:2001:db8:1"],
    ["2001:db8:1:ffff::1", "6:2001:db8:1"],
    ["2001:db8:2::1", "6:2001:db8:2"],
    ["192.0.2.1", null],
    ["::ffff:192.0.2.1", null],
    ["unknown", null],
  ])("%s is of the network %s", (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it("never throws, whatever it is given", () => {
    fc.assert(fc.property(fc.string(), (text) => void [clientBlockOf(text), networkOf(text)]));
  });
});
