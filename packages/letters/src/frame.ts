// The frame of every mail, in MJML: one column of 600 pixels, with what an admin's text can't take away below it.
import { escapeHtml } from "@waitlist/markup";
import { type BrandLook, fontsWith, LIGHT, styleSheet } from "./look.ts";
import type { Words } from "./words.ts";

/** A block of the body; texts are marks for HTML that is put in afterwards, so that MJML never reads what anybody wrote. */
export type FrameBlock =
  | { kind: "text" | "card"; html: string }
  | { kind: "button"; label: string; href: string };

export interface Frame {
  words: Pick<Words, "direction" | "fonts">;
  /** BCP 47: that of the text. */
  lang: string;
  look: BrandLook;
  title: string;
  preview: string;
  /** The list's logo and name. */
  logo: string;
  blocks: FrameBlock[];
  footer: string;
}

/** What a mark in an attribute stands for is escaped by whoever puts it in. */
export function mjmlOf({ words, lang, look, title, preview, logo, blocks, footer }: Frame): string {
  const { direction } = words;
  const start = direction === "rtl" ? "right" : "left";
  return `<mjml lang="${escapeHtml(lang)}" dir="${direction}">
<mj-head>
<mj-title>${title}</mj-title>
<mj-preview>${preview}</mj-preview>
<mj-attributes>
<mj-all font-family="${escapeHtml(fontsWith(words.fonts))}" />
<mj-section padding="0" direction="${direction}" />
<mj-wrapper padding="0" direction="${direction}" />
<mj-column padding="0" direction="${direction}" />
<mj-text padding="0" align="${start}" font-size="16px" line-height="26px" color="${LIGHT.ink}" css-class="ink" />
<mj-class name="quiet" font-size="13px" line-height="20px" color="${LIGHT.soft}" css-class="soft" />
</mj-attributes>
<mj-raw>
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
</mj-raw>
<mj-style>${styleSheet(look)}</mj-style>
</mj-head>
<mj-body width="600px" background-color="${LIGHT.page}" css-class="page">
<mj-wrapper css-class="gutter">
<mj-section padding="32px 8px 20px"><mj-column><mj-text>${logo}</mj-text></mj-column></mj-section>
<mj-section css-class="card inner" background-color="${LIGHT.card}" border="1px solid ${LIGHT.edge}" border-radius="14px" padding="40px 40px 24px"><mj-column>
${blocks.map((block, at) => blockOf(block, { look, start, below: at === blocks.length - 1 ? 16 : 24 })).join("\n")}
</mj-column></mj-section>
<mj-section padding="20px 8px 36px"><mj-column><mj-text mj-class="quiet">${footer}</mj-text></mj-column></mj-section>
</mj-wrapper>
</mj-body>
</mjml>`;
}

interface Setting {
  look: BrandLook;
  start: string;
  /** Pixels below a box: fewer at the end, where the card's own edge follows. */
  below: number;
}

function blockOf(block: FrameBlock, { look, start, below }: Setting): string {
  if (block.kind !== "button") {
    const padding = block.kind === "card" ? `8px 0 ${below}px` : "0";
    return `<mj-text padding="${padding}">${block.html}</mj-text>`;
  }
  return (
    `<mj-button css-class="press" href="${block.href}" align="${start}" padding="8px 0 ${below}px" inner-padding="14px 26px" ` +
    `background-color="${look.color}" color="${look.onColor}" border="1px solid ${look.edge.light}" border-radius="8px" ` +
    `font-size="16px" line-height="20px" font-weight="600">${block.label}</mj-button>`
  );
}
