// Colours and measures of a mail, in light and dark; what depends on the list's colour keeps enough contrast.
import { contrast, DEFAULT_COLOR, readableOn } from "@waitlist/markup";

export const LIGHT = {
  page: "#f3f4f6",
  card: "#ffffff",
  edge: "#e5e7eb",
  ink: "#1f2937",
  soft: "#6b7280",
  chip: "#f3f4f6",
};
export const DARK = {
  page: "#111318",
  card: "#1b1e25",
  edge: "#2c313b",
  ink: "#f3f4f6",
  soft: "#a3abb8",
  chip: "#262a33",
};

const FONTS =
  "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";
export const MONOSPACE = "ui-monospace,SFMono-Regular,Menlo,Consolas,monospace";

/** `first` are families that a language puts before the usual ones. */
export const fontsWith = (first: string): string => first + FONTS;

/** A list's colour, and what goes with it. */
export interface BrandLook {
  color: string;
  /** What is written on it. */
  onColor: string;
  /** The button's edge in light and dark: seen only where its colour is nearly that of the card. */
  edge: { light: string; dark: string };
}

/** WCAG asks for 3 where only a colour shows what a thing is; a button has words, so less tells it from its card. */
const TOLD_APART = 1.6;

export function lookOf(color: string | undefined): BrandLook {
  const brand = color ?? DEFAULT_COLOR;
  const edgeOn = (surface: string, edge: string) => (contrast(brand, surface) < TOLD_APART ? edge : brand);
  return {
    color: brand,
    onColor: readableOn(brand),
    edge: { light: edgeOn(LIGHT.card, "#9ca3af"), dark: edgeOn(DARK.card, "#6b7280") },
  };
}

/** Rules for programs that show a mail dark. Others show the light one; what they can't read, they leave out. */
export function styleSheet({ edge }: BrandLook): string {
  const dark = (prefix: string) => `
${prefix} .page, ${prefix} .page > div { background-color: ${DARK.page} !important; }
${prefix} .card, ${prefix} .card > table { background: ${DARK.card} !important; }
${prefix} .card > table > tbody > tr > td { border-color: ${DARK.edge} !important; }
${prefix} .ink div, ${prefix} .ink h1, ${prefix} .ink h2, ${prefix} .ink h3, ${prefix} .ink a, ${prefix} .ink td { color: ${DARK.ink} !important; }
${prefix} .soft div, ${prefix} .soft a, ${prefix} .ink .soft { color: ${DARK.soft} !important; }
${prefix} .ink .chip { background-color: ${DARK.chip} !important; }
${prefix} .rule { border-color: ${DARK.edge} !important; }
${prefix} .press td, ${prefix} .dot { border-color: ${edge.dark} !important; }`;
  return `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
.ink div, .soft div { overflow-wrap: anywhere; }
.ink h1, .ink h2, .ink h3 { text-wrap: balance; }
.ink p, .soft p { text-wrap: pretty; }
.ink :lang(ja), .soft :lang(ja) { line-break: strict; }
.ink h1:lang(ja), .ink h2:lang(ja), .ink h3:lang(ja) { word-break: auto-phrase; }
@media only screen and (max-width: 620px) {
.gutter { padding-left: 12px !important; padding-right: 12px !important; }
.inner > table > tbody > tr > td { padding: 28px 22px 14px !important; }
}
@media (prefers-color-scheme: dark) {
body { background-color: ${DARK.page} !important; }${dark("")}
}
${dark("[data-ogsc]")}
`;
}
