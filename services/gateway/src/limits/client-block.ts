import ipaddr from "ipaddr.js";

/** Of an IPv6 address, the half that names a network; whoever has one has all 2^64 addresses in it (RFC 4291, 2.5.4). */
const NETWORK_PARTS = 4;

/**
 * The block of addresses that counts as one client: an IPv4 address, or an IPv6 /64. An IPv4-mapped IPv6 address is the
 * IPv4 address (RFC 4291, 2.5.5.2). Null for what is no address.
 */
export function clientBlockOf(address: string): string | null {
  const form = [ipaddr.IPv4.isValidFourPartDecimal(address), ipaddr.IPv6.isValid(address)];
  if (!form.includes(true)) return null;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return `4:${parsed.octets.join(".")}`;
  const network = parsed.parts.slice(0, NETWORK_PARTS);
  return `6:${network.map((part) => part.toString(16)).join(":")}`;
}
