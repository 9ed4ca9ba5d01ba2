import { domainToASCII } from "node:url";
import { disposableEmailBlocklistSet } from "disposable-email-domains-js";

/** Whether a domain (in ASCII, as in a canonical address) is one of throw-away addresses. */
export type DisposableDomains = (domain: string) => boolean;

/** Looks in the list of disposable-email-domains, which is kept in memory. A listed domain's sub-domains count, too. */
export function createDisposableDomains(): DisposableDomains {
  const listed = new Set([...disposableEmailBlocklistSet()].map((domain) => domainToASCII(domain)));
  return (domain) => {
    for (let rest = domain; rest !== ""; rest = parentOf(rest)) if (listed.has(rest)) return true;
    return false;
  };
}

function parentOf(domain: string): string {
  const dot = domain.indexOf(".");
  return dot === -1 ? "" : domain.slice(dot + 1);
}
