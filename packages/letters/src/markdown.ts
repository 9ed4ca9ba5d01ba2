// Markdown as mails have it: text, headings, lists, links, quotations. No HTML, no pictures, no code blocks.

import type { Token } from "markdown-it";
import MarkdownIt from "markdown-it";

/** What a mail's text is made of, in order. */
export type Block =
  | { kind: "text"; tokens: Token[] }
  /** A paragraph that is one link and nothing else. */
  | { kind: "button"; label: Token[]; href: string }
  /** A quotation: something to be read at a glance. */
  | { kind: "card"; tokens: Token[] };

export const markdown = createMarkdown();

function createMarkdown() {
  const parser = new MarkdownIt("commonmark", { html: false, maxNesting: 10 });
  parser.disable(["html_block", "html_inline", "image", "code", "fence"]);
  // Judged by `linkErrors`, which names what it refuses; the parser would show it as text without a word.
  parser.validateLink = () => true;
  return parser;
}

export const parseBody = (source: string): Block[] => blocksOf(markdown.parse(source, {}));

function blocksOf(tokens: Token[]): Block[] {
  const blocks: Block[] = [];
  for (const group of topLevel(tokens)) {
    const button = buttonOf(group);
    const last = blocks.at(-1);
    if (button) blocks.push(button);
    else if (group[0]?.type === "blockquote_open") blocks.push({ kind: "card", tokens: group.slice(1, -1) });
    else if (last?.kind === "text") last.tokens.push(...group);
    else blocks.push({ kind: "text", tokens: group });
  }
  return blocks;
}

/** The tokens of each block that stands in no other. */
function topLevel(tokens: Token[]): Token[][] {
  const groups: Token[][] = [];
  let depth = 0;
  for (const token of tokens) {
    if (depth === 0) groups.push([]);
    groups.at(-1)?.push(token);
    depth += token.nesting;
  }
  return groups;
}

function buttonOf(group: Token[]): Extract<Block, { kind: "button" }> | null {
  const [open, inline] = group;
  if (open?.type !== "paragraph_open" || !inline?.children) return null;
  const [first, ...rest] = inline.children;
  const label = rest.slice(0, -1);
  const isWhole = rest.at(-1)?.type === "link_close" && label.every(({ type }) => type !== "link_close");
  if (first?.type !== "link_open" || first.markup === "autolink" || !isWhole) return null;
  return { kind: "button", label, href: String(first.attrGet("href") ?? "") };
}

/** Where a body's links lead, in order. */
export function hrefsOf(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) => (block.kind === "button" ? [block.href] : linksIn(block.tokens)));
}

const linksIn = (tokens: readonly Token[]): string[] =>
  tokens
    .flatMap((token) => token.children ?? [token])
    .filter(({ type }) => type === "link_open")
    .map((token) => String(token.attrGet("href") ?? ""));
