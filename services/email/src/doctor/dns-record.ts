/** A record of DNS, as it is to be set. */
export interface DnsRecord {
  name: string;
  value: string;
}

/** A TXT record is written in pieces of at most 255 characters (RFC 1035, 3.3.14). */
const pieces = (value: string): string =>
  (value.match(/.{1,255}/g) ?? []).map((piece) => `"${piece}"`).join(" ");

/** How to put right what a missing or wrong record has done. */
export const toSet = ({ name, value }: DnsRecord): string[] => [
  "Set this TXT record:",
  `${name}  TXT  ${pieces(value)}`,
];
