import { describe, expect, it } from "vitest";
import { createPeerBounds } from "./peer-bounds.ts";
import { parseTrustProxy } from "./trust-proxy.ts";

const boundsWith = (trustProxy: string, sparesLoopback?: boolean) =>
  createPeerBounds({
    perClient: 10,
    trustProxy: parseTrustProxy(trustProxy),
    ...(sparesLoopback === undefined ? {} : { sparesLoopback }),
  });

describe("the connections that an address may have", () => {
  it("are those of its block, and for IPv6 of the network around it, too", () => {
    const boundsOf = boundsWith("none");
    expect(boundsOf("192.0.2.1")).toEqual([{ block: "4:192.0.2.1", most: 10 }]);
    expect(boundsOf("::ffff:192.0.2.1")).toEqual(boundsOf("192.0.2.1"));
    expect(boundsOf("2001:db8:1:2::3")).toEqual([
      { block: "6:2001:db8:1:2", most: 10 },
      { block: "network 6:2001:db8:1", most: 40 },
    ]);
  });

  it.each(["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"])("aren't bounded for %s", (address) => {
    expect(boundsWith("none")(address)).toEqual([]);
    // The control: it is the loopback that is spared.
    expect(boundsWith("none", false)(address)).not.toEqual([]);
  });

  it("aren't bounded for trusted proxies, whose connections are everybody's", () => {
    const listed = boundsWith("10.0.0.0/8, 2001:db8::/32,192.0.2.7,::ffff:172.16.0.0/108");
    for (const proxy of ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8:5::1", "192.0.2.7", "172.16.9.9"]) {
      expect([proxy, listed(proxy)]).toEqual([proxy, []]);
    }
    for (const other of ["11.0.0.1", "2001:db9::1", "192.0.2.8", "172.32.0.1"])
      expect(listed(other)).not.toEqual([]);
    expect(boundsWith("2")("203.0.113.9")).toEqual([]);
    expect(boundsWith("loopback", false)("127.0.0.1")).toEqual([]);
  });
});
