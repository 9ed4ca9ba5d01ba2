// Reads a delivery report (RFC 3464). Anybody on the Internet can send one to the mailbox that is piped here, so nothing in it is
// believed but what fits; reading takes time in proportion to its length and never throws.
import { type DeliveryReportResult, REPORT_ACTIONS } from "@waitlist/contracts";
import { isAboutTheAddress } from "./undeliverable.ts";

export type ReportAction = NonNullable<DeliveryReportResult["action"]>;

/** The two parts of a report that matter, as text. */
export interface ReportParts {
  /** The fields of `message/delivery-status`. */
  status: string;
  /** The headers of the message that it is about, where they were returned. */
  returned: string | null;
}

export interface DeliveryReport {
  action: ReportAction;
  /** RFC 3463, such as 5.1.1. */
  status: string;
  /** Message-IDs by which our mail may be found, with their brackets; the likeliest first. */
  messageIds: string[];
}

/** A report about a mail of ours is about one recipient: more groups are read for the worst that they say, up to so many. */
const MOST_GROUPS = 100;
const STATUS = /^([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
/** Ours: 40 hexadecimal digits at our host. */
const OUR_ID = /^<?([0-9a-f]{40}@[A-Za-z0-9.:[\]-]{1,255})>?$/;

/** Null where it says nothing that can be understood. */
export function readDeliveryReport({ status, returned }: ReportParts): DeliveryReport | null {
  const [about = new Map(), ...recipients] = groupsOf(status);
  const told = recipients.slice(0, MOST_GROUPS).flatMap(outcomeOf);
  // Some leave out the blank line between what is about the message and what is about the recipient.
  const [worst] = [...told, ...outcomeOf(about)].toSorted((one, other) => gravity(other) - gravity(one));
  if (!worst) return null;
  const headers =
    returned === null ? new Map<string, string>() : fieldsOf(returned.split(/\r?\n\r?\n/, 1)[0] ?? "");
  const named = [
    decodeXtext(about.get("original-envelope-id") ?? ""),
    headers.get("x-original-message-id") ?? "",
    headers.get("message-id") ?? "",
  ];
  const ids = named.flatMap((text) => OUR_ID.exec(text.trim())?.[1] ?? []);
  return { ...worst, messageIds: [...new Set(ids)].map((id) => `<${id}>`) };
}

/** Only a failure for good that is about the address says that it takes no mail: by the rule for a server's refusals, too. */
export const showsUndeliverable = ({ action, status }: Pick<DeliveryReport, "action" | "status">): boolean =>
  action === "failed" && isAboutTheAddress(status);

type Outcome = Pick<DeliveryReport, "action" | "status">;

const gravity = (outcome: Outcome): number =>
  showsUndeliverable(outcome) ? 2 : outcome.action === "failed" ? 1 : 0;

function outcomeOf(group: Map<string, string>): Outcome[] {
  const said = group.get("action")?.trim().toLowerCase();
  const action = REPORT_ACTIONS.find((known) => known === said);
  const status = STATUS.exec(group.get("status")?.trim() ?? "")?.[1];
  return action && status ? [{ action, status }] : [];
}

/** RFC 3464, 2.1: groups of fields with blank lines between them; the first is about the message. */
const groupsOf = (text: string): Map<string, string>[] =>
  text
    .split(/\r?\n[ \t]*\r?\n/, MOST_GROUPS + 1)
    .map(fieldsOf)
    .filter((group) => group.size > 0);

/** Fields by name in small letters, unfolded; of several of one name the first counts. */
function fieldsOf(block: string): Map<string, string> {
  const fields = new Map<string, string[]>();
  let open: string[] | undefined;
  for (const line of block.split(/\r?\n/)) {
    if (/^[ \t]/.test(line)) {
      open?.push(line);
      continue;
    }
    const colon = line.indexOf(":");
    const name = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    open = undefined;
    if (name === "" || fields.has(name)) continue;
    open = [line.slice(colon + 1)];
    fields.set(name, open);
  }
  return new Map(
    [...fields].map(([name, lines]) => [
      name,
      lines
        .map((line) => line.trim())
        .join(" ")
        .trim(),
    ]),
  );
}

/** RFC 3461, 4: `+` and two hexadecimal digits stand for a character. */
const decodeXtext = (text: string): string =>
  text.replace(/\+([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
