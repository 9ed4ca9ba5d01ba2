import { ConfigError } from "@waitlist/runtime";
import { describe, expect, it } from "vitest";
import { parseTrustProxy } from "./trust-proxy.ts";

describe("TRUST_PROXY", () => {
  it.each([
    ["none", false],
    ["loopback", ["loopback"]],
    [
      "loopback, 10.0.0.0/8,2001:db8::/32,192.0.2.7",
      ["loopback", "10.0.0.0/8", "2001:db8::/32", "192.0.2.7"],
    ],
  ])("%j is understood", (text, trusted) => {
    expect(parseTrustProxy(text)).toEqual(trusted);
  });

  it("can be a number of proxies", () => {
    const trusts = parseTrustProxy(" 2 ");
    if (typeof trusts !== "function") throw new Error("it is no function");
    expect([0, 1, 2].map((hop) => trusts("192.0.2.1", hop))).toEqual([true, true, false]);
  });

  it.each([
    "true",
    "*",
    "0",
    "-1",
    "33",
    "1.5",
    "everybody",
    "10.0.0.0/0",
    "10.0.0.0/33",
    "10.0.0/8",
    "10.0.0.0/8/8",
    "10.0.0.0/",
    "loopback,",
    "fe80::1%eth0",
    "::/129",
    "2001:db8::g",
  ])("%j is refused with a sentence", (text) => {
    expect(() => parseTrustProxy(text)).toThrow(ConfigError);
    expect(() => parseTrustProxy(text)).toThrow(/^TRUST_PROXY must be none, [^\n]+\.$/);
  });
});
