// The frame of every page: no script, no style of its own, nothing from anywhere else.
import type { StoredWaitlist } from "@waitlist/contracts";
import { DEFAULT_COLOR, type Html, html } from "@waitlist/markup";
import { STYLE_VERSION } from "./style.ts";

/** What a page needs to know of its list. */
export interface PageBrand {
  name: string;
  /** `#rrggbb`. */
  color: string;
}

export const brandOf = ({ definition: { name, brand } }: StoredWaitlist): PageBrand => ({
  name,
  color: brand.color ?? DEFAULT_COLOR,
});

/** Where nothing is known of the list. */
export const NO_BRAND: PageBrand = { name: "Waitlist", color: DEFAULT_COLOR };

export interface Page {
  title: string;
  content: Html;
}

export const paragraphs = (...texts: string[]): Html => html`${texts.map((text) => html`<p>${text}</p>\n`)}`;

/** A form that does one thing. What it sends stands in its body, not in an address. */
export const button = (action: string, token: string, label: string): Html => html`
<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
<button>${label}</button>
</form>`;

/** Addresses are relative: the gateway may be reached below a path. */
export const renderPage = ({ title, content }: Page, { name, color }: PageBrand): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} – ${name}</title>
<link rel="stylesheet" href="page.css?color=${color.slice(1).toLowerCase()}&v=${STYLE_VERSION}">
</head>
<body>
<main>
<p class="list">${name}</p>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`.text;
