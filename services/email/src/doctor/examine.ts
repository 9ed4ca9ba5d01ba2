// `pnpm mail:doctor`: what is right and wrong about how mails go out, as far as it can be seen from here.
import { domainToASCII } from "node:url";
import { about, ConfigError, type Finding } from "@waitlist/runtime";
import type { DkimKey } from "../adapters/dkim.ts";
import type { ServerLook } from "../adapters/smtp-look.ts";
import type { Config } from "../config.ts";
import { readDkimKey } from "../dkim-settings.ts";
import { parseMailbox } from "../domain/letters/letter.ts";
import {
  examineAlignment,
  examineDkim,
  examineDmarc,
  examineSpf,
  type LookUp,
  type Policy,
} from "./records.ts";
import { examineServer, hostOf } from "./server.ts";

export type DoctorConfig = Pick<
  Config,
  | ("MAIL_TRANSPORT" | "SMTP_URL" | "SES_REGION" | "SES_ENDPOINT" | "MAIL_FROM" | "MAIL_RETURN_PATH")
  | ("DKIM_DOMAIN" | "DKIM_SELECTOR" | "DKIM_PRIVATE_KEY" | "PUBLIC_URL")
>;

export interface Examination {
  config: DoctorConfig;
  /** From addresses of lists, beside `MAIL_FROM`. */
  addresses: string[];
  lookUp: LookUp;
  lookAtServer: (url: string) => Promise<ServerLook>;
  /** Whether SES lets the account send. */
  checkSes: () => Promise<boolean>;
}

export async function examine(examination: Examination): Promise<Finding[]> {
  const { config, addresses, lookUp } = examination;
  const { key, findings: keyFindings } = readKey(config);
  const sender = parseMailbox(config.MAIL_FROM)?.address ?? config.MAIL_FROM;
  const domains = [...new Set([sender, ...addresses].map(domainOf))];
  const reachable = domains.filter((domain) => domain.includes("."));
  return [
    ...(await examineWay(examination)),
    ...examinePublicUrl(config.PUBLIC_URL),
    ...domains.filter((domain) => !domain.includes(".")).map(unreachable),
    ...keyFindings,
    ...(key ? [await examineDkim(key, lookUp)] : []),
    ...(await Promise.all(reachable.map((domain) => examineDomain(domain, config, key, lookUp)))).flat(),
  ];
}

const domainOf = (address: string): string => {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  return domainToASCII(domain) || domain;
};

const unreachable = (domain: string): Finding =>
  about(`From ${domain}`).wrong("no receiver knows this domain: set MAIL_FROM to an address of your own.");

async function examineWay({ config, lookAtServer, checkSes }: Examination): Promise<Finding[]> {
  if (config.MAIL_TRANSPORT === "ses") {
    const { right, wrong } = about("SES");
    if (!config.SES_REGION) return [wrong("SES_REGION is missing.")];
    if (await checkSes()) return [right(`it knows us in ${config.SES_REGION}, and lets us send.`)];
    return [wrong(`it can't be reached in ${config.SES_REGION}, doesn't know us, or sending is paused.`)];
  }
  if (!config.SMTP_URL) return [about("SMTP").wrong("SMTP_URL is missing.")];
  return examineServer(config.SMTP_URL, lookAtServer);
}

function examinePublicUrl(publicUrl: string): Finding[] {
  const { right, wrong } = about("PUBLIC_URL");
  const { protocol } = new URL(publicUrl);
  if (protocol === "https:")
    return [right("mail programs can offer one click to leave (RFC 8058), which needs https.")];
  return [
    wrong(
      "it isn't https: mail programs offer no one click to leave (RFC 8058), which large receivers ask for.",
    ),
  ];
}

function readKey(config: DoctorConfig): { key: DkimKey | null; findings: Finding[] } {
  const { right, wrong, note } = about("DKIM");
  try {
    const key = readDkimKey(config);
    if (key) return { key, findings: [right(`mails are signed by ${key.domain}, and the key can be read.`)] };
    const findings =
      config.MAIL_TRANSPORT === "ses"
        ? [note("mails aren't signed by us; SES signs those of domains that it has verified.")]
        : [
            wrong(
              "mails aren't signed: give DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY, unless your mail server signs.",
            ),
          ];
    return { key: null, findings };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { key: null, findings: [wrong(error.message)] };
  }
}

async function examineDomain(
  domain: string,
  config: DoctorConfig,
  key: DkimKey | null,
  lookUp: LookUp,
): Promise<Finding[]> {
  const returnDomain = config.MAIL_RETURN_PATH ? domainOf(config.MAIL_RETURN_PATH) : domain;
  const server = config.MAIL_TRANSPORT === "smtp" && config.SMTP_URL ? hostOf(config.SMTP_URL) : null;
  const [spf, { finding: dmarc, policy }] = await Promise.all([
    examineSpf(returnDomain, server, lookUp),
    examineDmarc(domain, lookUp),
  ]);
  return [spf, dmarc, ...(key ? [alignment(domain, key, policy)] : [])];
}

const alignment = (domain: string, key: DkimKey, policy: Policy | null): Finding =>
  examineAlignment(domain, key.domain, policy);
