// Markdown's tokens as HTML with the styles inline: mail programs drop style sheets, and know few rules.
import type { Env, Token } from "markdown-it";
import { LIGHT, MONOSPACE } from "./look.ts";
import { markdown } from "./markdown.ts";
import type { Slots } from "./slots.ts";

type Direction = "ltr" | "rtl";

const HEADINGS: Record<string, string> = {
  h1: "margin:0 0 18px;font-size:26px;line-height:34px;font-weight:700;letter-spacing:-0.2px;",
  h2: "margin:26px 0 12px;font-size:19px;line-height:28px;font-weight:700;",
  h3: "margin:22px 0 8px;font-size:16px;line-height:26px;font-weight:700;",
};
const PARAGRAPH = "margin:0 0 16px;";
const LINK = `color:${LIGHT.ink};text-decoration:underline;`;
const RULE = `border:0;border-top:1px solid ${LIGHT.edge};margin:24px 0;`;
const CODE = `font-family:${MONOSPACE};font-size:15px;`;

const { rules } = markdown.renderer;
rules.paragraph_open = (tokens, at) => (tokens[at]?.hidden ? "" : `<p style="${PARAGRAPH}">`);
rules.paragraph_close = (tokens, at) => (tokens[at]?.hidden ? "" : "</p>\n");
rules.heading_open = (tokens, at) => `<${levelOf(tokens[at])} style="${HEADINGS[levelOf(tokens[at])]}">`;
rules.heading_close = (tokens, at) => `</${levelOf(tokens[at])}>\n`;
rules.bullet_list_open = (_tokens, _at, _options, env) => `<ul style="${listStyle(env)}">\n`;
rules.ordered_list_open = (tokens, at, _options, env) => {
  const start = Number(tokens[at]?.attrGet("start") ?? 1);
  return `<ol${start === 1 ? "" : ` start="${start}"`} style="${listStyle(env)}">\n`;
};
rules.list_item_open = () => '<li style="margin:0 0 8px;">';
rules.link_open = (tokens, at) =>
  `<a href="${markdown.utils.escapeHtml(String(tokens[at]?.attrGet("href") ?? ""))}" style="${LINK}">`;
rules.hr = () => `<hr class="rule" style="${RULE}">\n`;
rules.code_inline = (tokens, at) =>
  `<span style="${CODE}">${markdown.utils.escapeHtml(tokens[at]?.content ?? "")}</span>`;
rules.hardbreak = () => "<br>\n";

/** Headings below the third look like it. */
const levelOf = (token: Token | undefined): string =>
  Object.hasOwn(HEADINGS, token?.tag ?? "") ? (token?.tag ?? "h3") : "h3";

function listStyle(env: Env | undefined): string {
  const padding = env?.direction === "rtl" ? "0 22px 0 0" : "0 0 0 22px";
  return `margin:0 0 16px;padding:${padding};`;
}

/** A run of blocks as HTML. What isn't Markdown's is escaped. */
export const htmlOf = (tokens: Token[], direction: Direction): string =>
  markdown.renderer.render(tokens, markdown.options, { direction }).trim();

/** What stands on a button: no link in a link. */
export const htmlOfLabel = (tokens: Token[]): string =>
  markdown.renderer.renderInline(tokens, markdown.options, { direction: "ltr" });

/** A card: what is bold in it is large, and stands on a line of its own; the rest is small. */
export function htmlOfCard(tokens: Token[], slots: Pick<Slots, "within" | "only">): string {
  const inner = tokens
    .filter(({ type }) => type === "inline")
    .map(({ children }) => cardLine(children ?? [], slots))
    .join("");
  return (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="width:100%;">' +
    `<tr><td class="chip" align="center" style="border-radius:12px;background-color:${LIGHT.chip};padding:18px 16px;">` +
    `${inner}</td></tr></table>`
  );
}

function cardLine(tokens: Token[], slots: Pick<Slots, "only">): string {
  const parts: { isLarge: boolean; tokens: Token[] }[] = [];
  let isLarge = false;
  for (const token of tokens) {
    if (token.type === "strong_open" || token.type === "strong_close") {
      isLarge = token.type === "strong_open";
      continue;
    }
    if (parts.at(-1)?.isLarge !== isLarge) parts.push({ isLarge, tokens: [] });
    parts.at(-1)?.tokens.push(token);
  }
  return parts
    .map((part) => {
      const html = htmlOfLabel(part.tokens).trim();
      return part.isLarge ? large(html, slots.only(html)) : small(html);
    })
    .join("");
}

const small = (html: string): string =>
  html === ""
    ? ""
    : `<div class="soft" style="font-size:13px;line-height:20px;color:${LIGHT.soft};">${html}</div>`;

/** A number and a code stand on one line, which they fit on any telephone: they are read and typed as one. */
function large(html: string, only: string | null): string {
  const size =
    only === "position"
      ? "font-size:34px;line-height:44px;white-space:nowrap;"
      : only === "code"
        ? "font-size:22px;line-height:40px;letter-spacing:1px;white-space:nowrap;"
        : "font-size:20px;line-height:30px;";
  return `<div style="${size}font-weight:700;">${html}</div>`;
}
