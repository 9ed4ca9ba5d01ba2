// The frame of every page: no script, no style of its own, nothing from anywhere else.

import type { StoredWaitlist } from "@waitlist/contracts";
import { DEFAULT_COLOR, type Html, html } from "@waitlist/markup";

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

export const paragraph = (text: string): Html => html`<p>${text}</p>`;

/** A form that does one thing. What it sends stands in its body, not in an address. */
export const button = (action: string, token: string, label: string): Html => html`
<form method="post" action="${action}">
<input type="hidden" name="token" value="${token}">
<button>${label}</button>
</form>`;

export const renderPage = ({ title, content }: Page, { name, color }: PageBrand): string =>
  html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title} – ${name}</title>
<link rel="stylesheet" href="/page.css?color=${color.slice(1)}">
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
