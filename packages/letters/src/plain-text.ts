// The same Markdown as text: a link's address stands on a line of its own, whole, where any mail program finds it.
import type { Token } from "markdown-it";
import type { Block } from "./markdown.ts";

/** `colon` is what stands between a link's words and its address. */
export const textOf = (blocks: readonly Block[], colon: string): string =>
  blocks
    .flatMap((block) => paragraphsOf(block, colon))
    .filter((text) => text !== "")
    .join("\n\n");

function paragraphsOf(block: Block, colon: string): string[] {
  switch (block.kind) {
    case "button":
      return [withAddress(inline(block.label), block.href, colon)];
    case "card":
      return texts(block.tokens, colon).map((text) => indented(text, "  "));
    case "text":
      return texts(block.tokens, colon);
  }
}

interface Level {
  /** The number of the next item; null where the list has bullets. */
  number: number | null;
}

/** The paragraphs, headings and items of a run of tokens. */
function texts(tokens: readonly Token[], colon: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [];
  /** What goes before the next text: an item's bullet or number. */
  let bullet = "";
  for (const token of tokens) {
    const level = levels.at(-1);
    if (token.type === "bullet_list_open") levels.push({ number: null });
    if (token.type === "ordered_list_open") levels.push({ number: Number(token.attrGet("start") ?? 1) });
    if (token.type.endsWith("_list_close")) levels.pop();
    if (token.type === "list_item_open" && level) {
      bullet = level.number === null ? "- " : `${level.number}. `;
      if (level.number !== null) level.number += 1;
    }
    if (token.type === "hr") found.push("-----");
    if (token.type !== "inline") continue;
    const margin = "  ".repeat(Math.max(levels.length - 1, 0));
    const lines = linesOf(token, colon);
    found.push(indented(lines, margin + " ".repeat(bullet.length)).replace(/^\s*/, margin + bullet));
    bullet = "";
  }
  return found;
}

const indented = (text: string, margin: string): string =>
  text
    .split("\n")
    .map((line) => margin + line)
    .join("\n");

/** A paragraph, with the addresses of its links below it. */
function linesOf({ children }: Token, colon: string): string {
  const tokens = children ?? [];
  const links = linksOf(tokens).filter(({ label, href }) => label !== href);
  const text = inline(tokens);
  const [only, ...others] = links;
  if (!only) return text;
  if (others.length === 0) return `${text}\n${only.href}`;
  return [text, ...links.map(({ label, href }) => `${label}${colon} ${href}`)].join("\n");
}

function linksOf(tokens: readonly Token[]): { label: string; href: string }[] {
  return tokens.flatMap((token, index) => {
    if (token.type !== "link_open") return [];
    const end = tokens.findIndex(({ type }, at) => at > index && type === "link_close");
    return [{ label: inline(tokens.slice(index + 1, end)), href: String(token.attrGet("href") ?? "") }];
  });
}

const inline = (tokens: readonly Token[]): string =>
  tokens.map(({ type, content }) => (type === "softbreak" || type === "hardbreak" ? "\n" : content)).join("");

const withAddress = (label: string, href: string, colon: string): string => `${label}${colon}\n${href}`;

/** What a mailbox shows after the subject: the first paragraph. */
export function previewOf(blocks: readonly Block[]): string {
  const [first] = blocks.flatMap((block) => (block.kind === "text" ? paragraphTexts(block.tokens) : []));
  return first ?? "";
}

const paragraphTexts = (tokens: readonly Token[]): string[] =>
  tokens.flatMap(({ type }, at) => {
    const content = tokens[at + 1]?.children;
    return type === "paragraph_open" && content ? [inline(content).replaceAll("\n", " ")] : [];
  });
