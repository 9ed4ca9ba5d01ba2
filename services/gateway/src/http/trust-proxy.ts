// Whose word about a client's address is taken.
import { ConfigError } from "@waitlist/runtime";
import ipaddr from "ipaddr.js";

/** What Fastify's `trustProxy` is given: never true, which would believe anybody. */
export type TrustProxy = false | string[] | ((address: string, hop: number) => boolean);

const MAX_HOPS = 32;

const WRONG = new ConfigError(
  "TRUST_PROXY must be none, the number of proxies in front of the gateway, or the addresses of those proxies " +
    "(such as loopback,10.0.0.0/8,2001:db8::/32).",
);

/** Reads `TRUST_PROXY`. Throws `ConfigError`. */
export function parseTrustProxy(text: string): TrustProxy {
  const given = text.trim();
  if (given === "none") return false;
  if (/^\d+$/.test(given)) {
    const hops = Number(given);
    if (hops < 1 || hops > MAX_HOPS) throw WRONG;
    // Fastify takes no number, because whoever reaches the gateway past its proxies could say any address. That is for
    // the operator to prevent: a load balancer's own addresses may change, so there is nothing else to go by.
    return (_address, hop) => hop < hops;
  }
  const proxies = given.split(",").map((part) => part.trim());
  if (!proxies.every((part) => part === "loopback" || isBlock(part))) throw WRONG;
  return proxies;
}

/** Whether what connects to us from this address is one of the proxies that are trusted. */
export function trustedPeers(trustProxy: TrustProxy): (address: string) => boolean {
  if (trustProxy === false) return () => false;
  if (typeof trustProxy === "function") return (address) => trustProxy(address, 0);
  return (address) => trustProxy.some((proxy) => isIn(ipaddr.process(address), proxy));
}

function isIn(address: ipaddr.IPv4 | ipaddr.IPv6, proxy: string): boolean {
  if (proxy === "loopback") return address.range() === "loopback";
  const [network = "", bits] = proxy.split("/");
  const block = ipaddr.process(network);
  if (address.kind() !== block.kind()) return false;
  const prefix = bits === undefined ? bitsOf(network) : Number(bits);
  // An IPv4 block that IPv6 wraps (RFC 4291, 2.5.5.2) has 96 bits before it.
  const wrapped = block.kind() === "ipv4" && bitsOf(network) === 128;
  return address.match(block, wrapped ? Math.max(0, prefix - 96) : prefix);
}

function isBlock(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const bits = bitsOf(address);
  if (bits === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= bits);
}

function bitsOf(address: string): number {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) return 32;
  return ipaddr.IPv6.isValid(address) && !address.includes("%") ? 128 : 0;
}
