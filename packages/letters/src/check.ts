// What a list's own texts must fulfil, judged when the list is defined: a mail that has to go out is too late for that.
import { type FieldError, MAIL_KINDS, type MailKind, type WaitlistDefinition } from "@waitlist/contracts";
import { escapeHtml } from "@waitlist/markup";
import { chooseText } from "./choice.ts";
import { readText } from "./compile.ts";
import { htmlOf } from "./html-text.ts";
import { liquidError } from "./liquid.ts";
import { letterList } from "./list.ts";
import { canonical } from "./locales.ts";
import { type Block, hrefsOf } from "./markdown.ts";
import { textOf } from "./plain-text.ts";
import type { Slots } from "./slots.ts";
import { shapesOf, URL_VALUES, VARIABLES, type ValueName } from "./variables.ts";

type Mails = NonNullable<WaitlistDefinition["mails"]>;
interface OwnText {
  subject: string;
  body: string;
}

/** What else of a definition its mails show, with addresses as long as an admin likes. */
export type Shown = Partial<Pick<WaitlistDefinition, "brand" | "invites">>;

/** Everything that is wrong with a list's own texts, each by its field: `/mails/welcome/en/body`. */
export const mailErrors = (mails: Mails, shown: Shown = {}): FieldError[] =>
  MAIL_KINDS.flatMap((kind) =>
    Object.entries(mails[kind] ?? {}).flatMap(([tag, text], index, all) => {
      const path = `/mails/${kind}/${tag}`;
      const isTwice = all.findIndex(([other]) => canonical(other) === canonical(tag)) !== index;
      if (isTwice) return [{ path, message: "is the language of an earlier text" }];
      return textErrors(kind, tag, text, shown).map(([field, message]) => ({
        path: `${path}/${field}`,
        message,
      }));
    }),
  );

type Refusal = [field: keyof OwnText, message: string];

function textErrors(kind: MailKind, tag: string, text: OwnText, shown: Shown): Refusal[] {
  const errors = (["subject", "body"] as const).flatMap((field): Refusal[] => {
    const error = liquidError(kind, text[field]);
    return error === null ? [] : [[field, error]];
  });
  return errors.length > 0 ? errors : laidOutErrors(kind, tag, text, shown);
}

/** Judged in every shape that a letter can have, since each leaves out something else; the first that is wrong counts. */
function laidOutErrors(kind: MailKind, tag: string, text: OwnText, shown: Shown): Refusal[] {
  const list = { ...letterList("list", null, null), mails: { [kind]: { [tag]: text } } };
  for (const shape of shapesOf(kind)) {
    const { slots, read } = readText(list, kind, chooseText(list, kind, tag), shape);
    if (read.subject.trim() === "") return [["subject", "is blank in some of the mails"]];
    const error = bodyError(kind, read.blocks, slots, shown);
    if (error !== null) return [["body", error]];
  }
  return [];
}

function bodyError(kind: MailKind, blocks: Block[], slots: Slots, shown: Shown): string | null {
  if (textOf(blocks, ":").trim() === "") return "is blank in some of the mails";
  const hrefs = hrefsOf(blocks);
  for (const href of hrefs) {
    const only = slots.only(href);
    if (only !== null && (URL_VALUES as readonly string[]).includes(only)) continue;
    if (slots.within(href).length > 0) return "has a variable in the middle of a link's address";
    if (!/^(https?:\/\/|mailto:)/i.test(href) || !URL.canParse(href)) {
      return "has a link whose address is neither a variable, nor begins with https:// or mailto:";
    }
  }
  const { needed } = VARIABLES[kind];
  if (needed !== null && !hrefs.some((href) => slots.only(href) === needed)) {
    return `must have a link to {{ ${needed} }} in each of the mails: [some words]({{ ${needed} }})`;
  }
  return sizeError(blocks, slots, shown);
}

/** Buttons and cards are tables of some 1,500 bytes each. */
const MOST_BOXES = 12;
/** In bytes of HTML; with the frame and the boxes a mail stays below the 100 KB at which some programs cut it. */
const LARGEST = 48_000;
/** In bytes, at most, as escaped HTML: an address of ours with its token, a name. */
const URL_BYTES = 1200;
const VALUE_BYTES = 400;
/** As long as one is, as it stands in an address. */
const CODE = "ABCD-EFGH-2345";

function sizeError(blocks: Block[], slots: Slots, { brand = {}, invites }: Shown): string | null {
  const boxes = blocks.filter(({ kind }) => kind !== "text");
  if (boxes.length > MOST_BOXES) return `has more than ${MOST_BOXES} buttons and quotations`;
  const html = blocks.map((block) => htmlOf(block.kind === "button" ? [] : block.tokens, "ltr")).join("");
  const values = [...slots.within(html), ...hrefsOf(boxes).flatMap((href) => slots.within(href))];
  const inviteUrl = invites?.urlTemplate?.replaceAll("{code}", CODE);
  const inviteBytes = inviteUrl === undefined ? URL_BYTES : escapedBytes(inviteUrl);
  const bytesOf = (name: ValueName): number => {
    if (name === "inviteUrl") return inviteBytes;
    return URL_VALUES.includes(name) ? URL_BYTES : VALUE_BYTES;
  };
  const added = values.reduce((sum, name) => sum + bytesOf(name as ValueName), 0);
  const around = escapedBytes(brand.logoUrl ?? "") + escapedBytes(brand.privacyUrl ?? "");
  return Buffer.byteLength(html) + added + around > LARGEST ? "makes a mail that is too large" : null;
}

/** In HTML each `&` of an address takes five. */
const escapedBytes = (url: string): number => Buffer.byteLength(escapeHtml(url));
