// Mail addresses: which are taken (a strict reading of RFC 5321) and when two are the same person.
//
// No library says it as the product promises. validator's isEmail takes quotes and invisible characters but no letter beyond
// the first 65,536; its normalizeEmail drops tags at some providers only and by other rules at Yahoo and Yandex, from lists
// that grow with its versions, while a person's id has to stay. The domain's IDNA is Node's own (UTS 46, as tr46 has it).
import { domainToASCII } from "node:url";

/** An address as typed (trimmed) and the form in which it identifies a person. */
export interface Address {
  typed: string;
  canonical: string;
}

/** RFC 5321 dot-atom, with the letters, marks and digits of any script (RFC 6531), without quotes. */
const LOCAL_PART = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOCAL_OCTETS = 64;
const ADDRESS_OCTETS = 254;

/**
 * Reads an address. Returns null unless the local part is a dot-atom of at most 64 octets and the domain has at
 * least two labels of letters, digits and inner hyphens (after IDNA); 254 octets in all (RFC 5321, 4.5.3.1).
 */
export function parseAddress(input: string): Address | null {
  const typed = input.trim().normalize("NFC");
  const at = typed.lastIndexOf("@");
  if (at < 1) return null;
  const local = typed.slice(0, at);
  const domain = asciiDomain(typed.slice(at + 1));
  if (!domain || !LOCAL_PART.test(local)) return null;
  if (Buffer.byteLength(local) > LOCAL_OCTETS || Buffer.byteLength(typed) > ADDRESS_OCTETS) return null;
  // Composed once more: some letters have a form of their own in small only (ẖ).
  const canonical = canonicalAddress(local.toLowerCase().normalize("NFC"), domain);
  return canonical ? { typed, canonical } : null;
}

function asciiDomain(domain: string): string | null {
  // domainToASCII also forgives what a URL forgives (numbers as IPv4, percent escapes): refuse those first.
  if (!/^[\p{L}\p{M}\p{N}.-]+$/u.test(domain)) return null;
  const ascii = domainToASCII(domain);
  const labels = ascii.split(".");
  if (labels.length < 2 || ascii.length > 253 || !labels.every((label) => LABEL.test(label))) return null;
  return /^\d+$/.test(labels.at(-1) ?? "") ? null : ascii;
}

/** One mailbox, however it is spelled: no `+tag`, googlemail.com is gmail.com, and Gmail ignores dots. */
function canonicalAddress(local: string, domain: string): string | null {
  const home = domain === "googlemail.com" ? "gmail.com" : domain;
  const untagged = local.split("+", 1)[0] ?? "";
  const mailbox = home === "gmail.com" ? untagged.replaceAll(".", "") : untagged;
  return mailbox ? `${mailbox}@${home}` : null;
}
