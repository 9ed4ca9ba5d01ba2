import { createLetters, type Letters } from "@waitlist/letters";
import type { Definitions } from "@waitlist/roster";
import type { Tokens } from "@waitlist/tokens";
import { LRUCache } from "lru-cache";
import { createComposer } from "../domain/letters/compose.ts";
import { type Letter, type Mailbox, parseMailbox } from "../domain/letters/letter.ts";
import { type ListFacts, listFacts } from "../domain/letters/list-facts.ts";
import type { Mail } from "../domain/mail.ts";
import type { Reader } from "../domain/recipient.ts";
import { createMailLinks } from "./mail-links.ts";

/** How many definitions are kept in memory. */
const REMEMBERED = 500;

/** Makes a mail's letter to an address, in its reader's language. */
export type Compose = (mail: Mail, address: string, reader?: Reader) => Promise<Letter>;

/** Writes letters with the definition that was in force when the mail was caused. Throws on an outage of the database. */
export function createLetterWriter(deps: {
  definitions: Pick<Definitions, "inForce">;
  tokens: Pick<Tokens, "sign">;
  config: { PUBLIC_URL: string; MAIL_FROM: string };
  letters?: Letters;
}): Compose {
  const { definitions, tokens, config, letters = createLetters() } = deps;
  const remembered = new LRUCache<string, ListFacts>({ max: REMEMBERED });
  const compose = createComposer({
    publicUrl: config.PUBLIC_URL,
    defaultFrom: readMailbox(config.MAIL_FROM),
    links: createMailLinks(config.PUBLIC_URL, tokens),
    letters,
  });

  async function facts({ waitlistId, definitionOffset }: Mail): Promise<ListFacts> {
    if (definitionOffset === null) return listFacts(waitlistId, null, null);
    const key = `${waitlistId}:${definitionOffset}`;
    const known = remembered.get(key);
    if (known) return known;
    const found = await definitions.inForce(waitlistId, definitionOffset);
    const read = listFacts(waitlistId, found?.definition ?? null, definitionOffset);
    remembered.set(key, read);
    return read;
  }

  return async (mail, address, reader) => compose(mail, await facts(mail), address, reader);
}

/** Throws where the setting is neither. */
export function readMailbox(text: string): Mailbox {
  const mailbox = parseMailbox(text);
  if (!mailbox) throw new Error("MAIL_FROM is neither an address nor `Name <address>`.");
  return mailbox;
}
