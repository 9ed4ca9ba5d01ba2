import type { Definitions } from "@waitlist/roster";
import type { Tokens } from "@waitlist/tokens";
import { createComposer } from "../domain/letters/compose.ts";
import { type Letter, type Mailbox, parseMailbox } from "../domain/letters/letter.ts";
import { type ListFacts, listFacts } from "../domain/letters/list-facts.ts";
import type { Mail } from "../domain/mail.ts";
import { createMailLinks } from "./mail-links.ts";

/** How many definitions are kept in memory. */
const REMEMBERED = 500;

/** Writes letters with the definition that was in force when the mail was caused. Throws on an outage of the database. */
export function createLetterWriter(deps: {
  definitions: Pick<Definitions, "inForce">;
  tokens: Pick<Tokens, "sign">;
  config: { PUBLIC_URL: string; MAIL_FROM: string };
}): (mail: Mail, address: string) => Promise<Letter> {
  const { definitions, tokens, config } = deps;
  const remembered = new Map<string, ListFacts>();
  const compose = createComposer({
    publicUrl: config.PUBLIC_URL,
    defaultFrom: readMailbox(config.MAIL_FROM),
    links: createMailLinks(config.PUBLIC_URL, tokens),
  });

  async function facts({ waitlistId, definitionOffset }: Mail): Promise<ListFacts> {
    if (definitionOffset === null) return listFacts(waitlistId, null);
    const key = `${waitlistId}:${definitionOffset}`;
    const known = remembered.get(key);
    if (known) return known;
    const found = await definitions.inForce(waitlistId, definitionOffset);
    const read = listFacts(waitlistId, found?.definition ?? null);
    if (remembered.size >= REMEMBERED) remembered.clear();
    remembered.set(key, read);
    return read;
  }

  return async (mail, address) => compose(mail, await facts(mail), address);
}

function readMailbox(text: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (!mailbox) throw new Error("MAIL_FROM is neither an address nor `Name <address>`.");
  return mailbox;
}
