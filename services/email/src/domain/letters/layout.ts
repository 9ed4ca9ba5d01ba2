// The frame of every letter: one column of 600 pixels in tables, since that is what mail programs agree on.
import { type Html, html } from "@waitlist/markup";
import type { ListFacts } from "./list-facts.ts";

const FONT =
  "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Helvetica Neue',Arial,'Noto Sans',sans-serif";

/** Programs that know `prefers-color-scheme` get darker colours; the others show the light ones everywhere. */
const DARK = html`<style>
@media (prefers-color-scheme: dark) {
  .page { background-color: #15171c !important; }
  .card { background-color: #1f232b !important; border-color: #2e343f !important; }
  .ink { color: #f3f4f6 !important; }
  .soft { color: #a3abb8 !important; }
  .chip { background-color: #2a303a !important; color: #f3f4f6 !important; }
}
@media (max-width: 620px) { .card-inner { padding: 28px 22px !important; } }
</style>`;

export interface LetterFrame {
  list: ListFacts;
  /** What a mailbox shows after the subject. */
  preview: string;
  heading: string;
  content: Html;
  /** Why the reader gets this. */
  reason: string;
  /** The page on which the reader can give the place up. */
  leaveUrl: string;
}

export const paragraph = (content: string | Html): Html => html`
<p class="ink" style="margin:0 0 16px;font-size:16px;line-height:26px;color:#1f2937;">${content}</p>`;

export const button = ({ color, onColor }: ListFacts, label: string, url: string): Html => html`
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:24px 0;"><tr>
<td bgcolor="${color}" style="border-radius:8px;background-color:${color};">
<a href="${url}" style="display:inline-block;padding:14px 26px;font-size:16px;line-height:20px;font-weight:600;color:${onColor};text-decoration:none;">${label}</a>
</td></tr></table>`;

/** Something to read off at a glance: a number, a code. */
export const chip = (label: string, value: string | number): Html => html`
<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="margin:8px 0 24px;"><tr>
<td class="chip" align="center" style="border-radius:10px;background-color:#f3f4f6;color:#111827;padding:20px;">
<div class="soft" style="font-size:13px;line-height:18px;color:#6b7280;">${label}</div>
<div style="font-size:${isLong(value) ? 22 : 32}px;line-height:42px;font-weight:700;letter-spacing:0.5px;white-space:nowrap;">${value}</div>
</td></tr></table>`;

/** At 32 pixels no more than this fits on one line of a telephone. */
const isLong = (value: string | number): boolean => String(value).length > 8;

export const link = (label: string, url: string): Html =>
  html`<a class="ink" href="${url}" style="color:#1f2937;text-decoration:underline;">${label}</a>`;

export function layout({ list, preview, heading, content, reason, leaveUrl }: LetterFrame): string {
  return html`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${heading}</title>
${DARK}
</head>
<body class="page" style="margin:0;padding:0;background-color:#f3f4f6;">
<div style="display:none;max-height:0;overflow:hidden;opacity:0;">${preview}</div>
<table class="page" role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%" style="background-color:#f3f4f6;font-family:${FONT};"><tr>
<td align="center" style="padding:32px 12px;">
<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="600" style="width:100%;max-width:600px;">
<tr><td style="padding:0 8px 20px;">${mark(list)}</td></tr>
<tr><td class="card" style="border-radius:14px;border:1px solid #e5e7eb;background-color:#ffffff;">
<table role="presentation" cellpadding="0" cellspacing="0" border="0" width="100%"><tr>
<td class="card-inner" style="padding:40px;">
<h1 class="ink" style="margin:0 0 20px;font-size:26px;line-height:34px;font-weight:700;color:#111827;">${heading}</h1>
${content}
</td></tr></table>
</td></tr>
<tr><td style="padding:20px 8px 0;">${footer(list, reason, leaveUrl)}</td></tr>
</table>
</td></tr></table>
</body>
</html>
`.text;
}

function mark({ name, color, logoUrl }: ListFacts): Html {
  const logo = logoUrl
    ? html`<img src="${logoUrl}" alt="" height="28" style="height:28px;border:0;vertical-align:middle;">&nbsp;`
    : html`<span style="display:inline-block;width:12px;height:12px;border-radius:6px;background-color:${color};"></span>&nbsp;`;
  return html`${logo}<span class="ink" style="font-size:16px;line-height:28px;font-weight:600;color:#111827;">${name}</span>`;
}

function footer({ postalAddress, privacyUrl }: ListFacts, reason: string, leaveUrl: string): Html {
  const quiet = (label: string, url: string) =>
    html`<a class="soft" href="${url}" style="color:#6b7280;">${label}</a>`;
  const line = (content: string | Html) =>
    html`<p class="soft" style="margin:0 0 8px;font-size:13px;line-height:20px;color:#6b7280;">${content}</p>`;
  return html`${line(reason)}
${postalAddress ? line(postalAddress) : null}
${line(html`${quiet("Leave the waitlist", leaveUrl)}${privacyUrl ? html` &middot; ${quiet("Privacy", privacyUrl)}` : null}`)}`;
}

/** The same footer, for the text. */
export const textFooter = (
  { postalAddress, privacyUrl }: ListFacts,
  reason: string,
  leaveUrl: string,
): string =>
  ["--", reason, postalAddress, `Leave the waitlist: ${leaveUrl}`, privacyUrl && `Privacy: ${privacyUrl}`]
    .filter(Boolean)
    .join("\n");
