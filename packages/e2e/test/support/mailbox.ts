// Mails as their reader's program gets them.
import assert from "node:assert/strict";
import { eventually } from "@waitlist/testing";

export interface ReceivedMail {
  subject: string;
  /** Head and body as they came over the wire, soft line breaks of quoted-printable undone. */
  source: string;
  /** Every address in it. */
  links: string[];
}

interface Item {
  id: string;
  subject?: string;
  to?: { address: string }[];
}

/** Waits for `count` mails to an address, the oldest first. */
export async function mailsTo(web: string, address: string, count: number): Promise<ReceivedMail[]> {
  const found = await eventually(async () => {
    const items = (await (await fetch(new URL("/api/email", web))).json()) as Item[];
    const own = items.filter(({ to }) => to?.some((recipient) => recipient.address === address));
    assert.equal(own.length, count, `mails to ${address}: ${own.map(({ subject }) => subject).join(", ")}`);
    return own;
  }, 30_000);
  return Promise.all(found.map((item) => read(web, item)));
}

async function read(web: string, { id, subject = "" }: Item): Promise<ReceivedMail> {
  const raw = await (await fetch(new URL(`/api/email/${id}/source`, web))).text();
  const source = raw
    .replace(/\r\n[ \t]/g, " ")
    .replace(/=\r?\n/g, "")
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replaceAll("&amp;", "&");
  // A namespace looks like an address, and leads nowhere.
  const links = [...new Set(source.replace(/xmlns(:\w+)?="[^"]*"/g, "").match(/https?:\/\/[^\s"<>)]+/g))];
  return { subject, source, links };
}

/** The link of a mail that leads to this path. */
export function linkTo({ links }: ReceivedMail, path: string): URL {
  const link = links.map((each) => new URL(each)).find(({ pathname }) => pathname.startsWith(path));
  assert.ok(link, `no link to ${path}`);
  return link;
}
