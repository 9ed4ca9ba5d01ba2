// A list's text of one kind, language and shape, made ready: subject, text and HTML with nothing left open but the values.
import type { MailKind } from "@waitlist/contracts";
import { escapeHtml } from "@waitlist/markup";
import { type ChosenText, chooseText } from "./choice.ts";
import { footerHtml, footerText, logoHtml } from "./footer.ts";
import { type FrameBlock, mjmlOf } from "./frame.ts";
import { htmlOf, htmlOfCard, htmlOfLabel } from "./html-text.ts";
import { expand } from "./liquid.ts";
import type { LetterList } from "./list.ts";
import { type Block, parseBody } from "./markdown.ts";
import { compileMjml } from "./mjml.ts";
import { previewOf, textOf } from "./plain-text.ts";
import { createSlots, type Pieces, type Slots } from "./slots.ts";
import { textValue } from "./values.ts";
import type { Shape } from "./variables.ts";

export interface CompiledLetter {
  subject: Pieces;
  text: Pieces;
  html: Pieces;
  /** The language of the text, and by which locale it writes numbers and times. */
  tag: string;
  formats: string;
}

/** What was read of a text, before it is laid out. */
export interface ReadText {
  subject: string;
  blocks: Block[];
  reason: string;
}

export async function compileLetter(
  list: LetterList,
  kind: MailKind,
  locale: string | undefined,
  shape: Shape,
): Promise<CompiledLetter> {
  const { text, slots, read } = readable(list, kind, locale, shape);
  const { tag, formats, words } = text;
  const footer = { ...words, reason: read.reason, leaveUrl: slots.mark("leaveUrl") };
  const constants = new Map([["list", textValue(list.name)]]);
  const plain = [textOf(read.blocks, words.colon), footerText(list, footer)].join("\n\n");
  const html = await htmlDocument(list, text, read, footer, slots);
  return {
    tag,
    formats,
    subject: slots.split(slots.fill(textValue(read.subject), constants)),
    text: slots.split(slots.fill(plain, constants)),
    html: slots.split(slots.fill(html, new Map([["list", escapeHtml(textValue(list.name))]]))),
  };
}

/**
 * A list's own text was checked when the list was defined, by the rules of that day. One that can't be read by those of
 * today gives way to ours: the mail has to go out.
 */
function readable(list: LetterList, kind: MailKind, locale: string | undefined, shape: Shape) {
  const own = chooseText(list, kind, locale);
  try {
    return readText(list, kind, own, shape);
  } catch (error) {
    if (!own.isOwn) throw error;
    return readText(list, kind, chooseText(list, kind, locale, false), shape);
  }
}

/** Throws for what `liquidError` names. */
export function readText(
  { name }: Pick<LetterList, "name">,
  kind: MailKind,
  text: ChosenText,
  shape: Shape,
): { text: ChosenText; slots: Slots; read: ReadText } {
  const slots = createSlots([text.subject, text.body, text.words.reason, name]);
  const expanded = (source: string) => expand(kind, source, shape, slots);
  const read = {
    subject: expanded(text.subject),
    blocks: parseBody(expanded(text.body)),
    reason: expanded(text.words.reason),
  };
  return { text, slots, read };
}

async function htmlDocument(
  list: LetterList,
  { tag, words }: ChosenText,
  { blocks }: ReadText,
  footer: Parameters<typeof footerHtml>[1],
  slots: Slots,
): Promise<string> {
  const parts = new Map<string, string>();
  /** MJML sees a mark; the text itself comes after it. */
  const aside = (html: string): string => {
    const name = `part${parts.size}`;
    parts.set(name, html);
    return slots.mark(name);
  };
  const laidOut = blocks.map((block): FrameBlock => {
    if (block.kind === "text") return { kind: "text", html: aside(htmlOf(block.tokens, words.direction)) };
    if (block.kind === "card") return { kind: "card", html: aside(htmlOfCard(block.tokens, slots)) };
    const { label, href } = block;
    return { kind: "button", label: aside(htmlOfLabel(label)), href: aside(escapeHtml(href)) };
  });
  const frame = await compileMjml(
    mjmlOf({
      ...{ words, lang: tag, look: list.look, blocks: laidOut },
      title: slots.mark("list"),
      preview: aside(escapeHtml(previewOf(blocks))),
      logo: aside(logoHtml(list, slots.mark("list"), words.direction)),
      footer: aside(footerHtml(list, footer)),
    }),
  );
  return slots.fill(frame, parts);
}
