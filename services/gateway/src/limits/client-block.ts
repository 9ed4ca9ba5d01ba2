import ipaddr from "ipaddr.js";

/** Of an IPv6 address, the half that names a network; whoever has one has all 2^64 addresses in it (RFC 4291, 2.5.4). */
const NETWORK_PARTS = 4;
/** A /48: what one site gets at most (RFC 6177), be it a home's line. */
const SITE_PARTS = 3;

/**
 * The block of addresses that counts as one client: an IPv4 address, or an IPv6 /64. An IPv4-mapped IPv6 address is the
 * IPv4 address (RFC 4291, 2.5.5.2). Null for what is no address.
 */
export function clientBlockOf(address: string): string | null {
  const parsed = parse(address);
  if (parsed instanceof ipaddr.IPv4) return `4:${parsed.octets.join(".")}`;
  return parsed && firstParts(parsed, NETWORK_PARTS);
}

/**
 * The network around an IPv6 block: its /48. Whoever has one, or the /56 of a home's line, has hundreds of blocks. Null for
 * IPv4, and for what is no address.
 */
export function networkOf(address: string): string | null {
  const parsed = parse(address);
  return parsed instanceof ipaddr.IPv6 ? firstParts(parsed, SITE_PARTS) : null;
}

function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const form = [ipaddr.IPv4.isValidFourPartDecimal(address), ipaddr.IPv6.isValid(address)];
  return form.includes(true) ? ipaddr.process(address) : null;
}

const firstParts = ({ parts }: ipaddr.IPv6, count: number): string =>
  `6:${parts
    .slice(0, count)
    .map((part) => part.toString(16))
    .join(":")}`;
