// The three settings of DKIM, read once at the start: a key that can't sign must be known before the first mail.
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { domainToASCII } from "node:url";
import { ConfigError } from "@waitlist/runtime";
import type { DkimKey } from "./adapters/dkim.ts";
import type { Config } from "./config.ts";

type DkimSettings = Pick<Config, "DKIM_DOMAIN" | "DKIM_SELECTOR" | "DKIM_PRIVATE_KEY">;

/** RFC 8301, 3.2: signers must use at least this, verifiers may refuse less. */
const LEAST_BITS = 1024;
const LABELS = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/**
 * The key that mails are signed with, or null where none of the three settings is given. Throws `ConfigError`, which
 * repeats nothing of the key, where some are missing or one can't be used.
 */
export function readDkimKey(settings: DkimSettings): DkimKey | null {
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY } = settings;
  const given = [DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY].filter((text) => text.trim() !== "");
  if (given.length === 0) return null;
  if (given.length < 3) {
    throw new ConfigError(
      "DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY belong together: give all three, or none.",
    );
  }
  const domain = domainToASCII(DKIM_DOMAIN.trim());
  if (!LABELS.test(domain) || !domain.includes(".")) throw new ConfigError("DKIM_DOMAIN is not a domain.");
  const selector = DKIM_SELECTOR.trim().toLowerCase();
  if (!LABELS.test(selector))
    throw new ConfigError("DKIM_SELECTOR is not the beginning of a domain, such as mail2026.");
  const privateKey = DKIM_PRIVATE_KEY.replaceAll("\\n", "\n").trim();
  checkKey(privateKey);
  return { domain, selector, privateKey };
}

function checkKey(pem: string): void {
  const key = parse(pem);
  if (key.asymmetricKeyType !== "rsa") {
    throw new ConfigError(
      `DKIM_PRIVATE_KEY is of the kind ${key.asymmetricKeyType}: mails are signed with RSA, which every receiver can check.`,
    );
  }
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < LEAST_BITS) throw new ConfigError(`DKIM_PRIVATE_KEY has ${bits} bits: take 2048.`);
}

function parse(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // Without its cause: a library's words about a key may repeat some of it.
    throw new ConfigError("DKIM_PRIVATE_KEY is not a private key in PEM, or is locked with a passphrase.");
  }
}

/** The TXT record by which receivers check the signatures (RFC 6376, 3.6.1): where it stands, and what it says. */
export function dkimRecord({ domain, selector, privateKey }: DkimKey): { name: string; value: string } {
  const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" }).toString("base64");
  return { name: `${selector}._domainkey.${domain}`, value: `v=DKIM1; k=rsa; p=${publicKey}` };
}
