// What DNS says about who may send a domain's mails: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 7489).
import { about, type Finding } from "@waitlist/runtime";
import type { DkimKey } from "../adapters/dkim.ts";
import { dkimRecord } from "../dkim-settings.ts";
import { toSet } from "./dns-record.ts";

/** The TXT records of a name, each in one piece; none where there is no such name. `null`: DNS can't be asked. */
export type LookUp = (name: string) => Promise<string[] | null>;

const UNREACHABLE = "DNS can't be reached from here, so this could not be looked at.";

/** The tags of a record such as `v=DMARC1; p=none`. */
const tagsOf = (record: string): Map<string, string> =>
  new Map(
    record.split(";").flatMap((tag): [string, string][] => {
      const at = tag.indexOf("=");
      return at < 0 ? [] : [[tag.slice(0, at).trim().toLowerCase(), tag.slice(at + 1).replace(/\s/g, "")]];
    }),
  );

export async function examineSpf(domain: string, server: string | null, lookUp: LookUp): Promise<Finding> {
  const { right, wrong, open } = about(`SPF of ${domain}`);
  const records = await lookUp(domain);
  if (records === null) return open(UNREACHABLE);
  const found = records.filter((record) => /^v=spf1(?: |$)/i.test(record));
  const [first] = found;
  if (first === undefined) {
    const value = `v=spf1 ${server ? `a:${server}` : "include:<as your mail provider says>"} ~all`;
    return wrong(
      "there is no record, so no server is known to send for this domain. A mail provider names its own part (include:…).",
      ...toSet({ name: domain, value }),
    );
  }
  if (found.length > 1)
    return wrong("there are several records, which receivers take for none: make them one.");
  if (/(?:^| )\+?all(?: |$)/i.test(first))
    return wrong("it ends in +all: everybody may send for this domain.");
  return right("there is a record. Whether it names your mail server, its provider can tell.");
}

export async function examineDkim(key: DkimKey, lookUp: LookUp): Promise<Finding> {
  const record = dkimRecord(key);
  const { right, wrong, open } = about(`DKIM at ${record.name}`);
  const records = await lookUp(record.name);
  if (records === null) return open(UNREACHABLE);
  const keys = records.map((each) => tagsOf(each).get("p")).filter((each) => each !== undefined);
  if (keys.length === 0)
    return wrong("there is no record with a key, so nobody can check the signatures.", ...toSet(record));
  if (keys.length > 1)
    return wrong("there are several keys: receivers take any one of them. Leave this one.", ...toSet(record));
  if (keys[0] === "") return wrong("the key there is withdrawn (p= is empty).", ...toSet(record));
  if (keys[0] !== tagsOf(record.value).get("p"))
    return wrong("the key there is not that of DKIM_PRIVATE_KEY.", ...toSet(record));
  return right("the key there is that of DKIM_PRIVATE_KEY.");
}

/** A record may stand at the domain or at one above it, up to the last two labels. */
function placesOf(domain: string): string[] {
  const labels = domain.split(".");
  return labels.slice(0, -1).map((_label, index) => `_dmarc.${labels.slice(index).join(".")}`);
}

export interface Policy {
  /** The signature's domain must be the From address's own, and not just related. */
  isStrict: boolean;
}

export async function examineDmarc(
  domain: string,
  lookUp: LookUp,
): Promise<{ finding: Finding; policy: Policy | null }> {
  const { right, wrong, open } = about(`DMARC of ${domain}`);
  for (const name of placesOf(domain)) {
    const records = await lookUp(name);
    if (records === null) return { finding: open(UNREACHABLE), policy: null };
    const found = records.filter((record) => /^v=DMARC1\s*(?:;|$)/i.test(record));
    if (found.length > 1)
      return { finding: wrong(`there are several records at ${name}: make them one.`), policy: null };
    const [record] = found;
    if (record === undefined) continue;
    const tags = tagsOf(record);
    const policy = { isStrict: tags.get("adkim")?.toLowerCase() === "s" };
    const wish = tags.get("p")?.toLowerCase() ?? "";
    if (!["none", "quarantine", "reject"].includes(wish)) {
      return {
        finding: wrong(`the record at ${name} has no policy (p=none, quarantine or reject).`),
        policy,
      };
    }
    const says = wish === "none" ? "asks receivers to report, and to refuse nothing" : `asks for p=${wish}`;
    return { finding: right(`the record at ${name} ${says}.`), policy };
  }
  const record = { name: `_dmarc.${domain}`, value: `v=DMARC1; p=none; rua=mailto:postmaster@${domain}` };
  const says = "there is no record: large receivers refuse mails of such domains, or put them to the spam.";
  return { finding: wrong(says, ...toSet(record)), policy: null };
}

/** Whether a signature of `signed` speaks for a From address of `from`: the same domain, or one below the other. */
export function examineAlignment(from: string, signed: string, policy: Policy | null): Finding {
  const { right, wrong } = about(`From ${from}, signed by ${signed}`);
  if (from === signed) return right("the signature is the From address's own.");
  if (policy?.isStrict) return wrong("DMARC asks for the very same domain (adkim=s).");
  if (from.endsWith(`.${signed}`) || signed.endsWith(`.${from}`)) return right("the one is below the other.");
  return wrong(
    "the signature says nothing of the From address, so DMARC takes the mail for unsigned: give both one domain.",
  );
}
