// What stands above and below a mail's text, whatever an admin wrote: whose it is, why it came, and how to be rid of it.
import { escapeHtml, type Html, html } from "@waitlist/markup";
import type { LetterList } from "./list.ts";
import { LIGHT } from "./look.ts";
import type { Words } from "./words.ts";

export interface FooterWords extends Pick<Words, "leave" | "privacy" | "colon"> {
  /** Plain text. */
  reason: string;
  leaveUrl: string;
}

type Facts = Pick<LetterList, "postalAddress" | "privacyUrl">;

const quiet = (label: string, url: string): Html =>
  html`<a href="${url}" style="color:${LIGHT.soft};text-decoration:underline;">${label}</a>`;

const line = (content: Html | string): Html => html`<p style="margin:0 0 8px;">${content}</p>`;

export function footerHtml(
  { postalAddress, privacyUrl }: Facts,
  { reason, leave, privacy, leaveUrl }: FooterWords,
): string {
  const address = linesOf(postalAddress).map(
    (text, at) => html`${at === 0 ? "" : html`<br>`}<bdi>${text}</bdi>`,
  );
  const links = html`${quiet(leave, leaveUrl)}${privacyUrl ? html` &middot; ${quiet(privacy, privacyUrl)}` : null}`;
  return html`${line(reason)}${address.length > 0 ? line(html`${address}`) : null}${line(links)}`.text;
}

/** The same as text. */
export const footerText = (
  { postalAddress, privacyUrl }: Facts,
  { reason, leave, privacy, colon, leaveUrl }: FooterWords,
): string =>
  [
    "--",
    reason,
    ...linesOf(postalAddress),
    `${leave}${colon} ${leaveUrl}`,
    ...(privacyUrl ? [`${privacy}${colon} ${privacyUrl}`] : []),
  ].join("\n");

const linesOf = (address: string | null): string[] =>
  (address ?? "")
    .split(/[\r\n]+/)
    .map((each) => each.trim())
    .filter((each) => each !== "");

/**
 * The list's logo, or a dot in its colour, and its name beside it, for programs that show no pictures and for logos that say no
 * name. `name` is HTML.
 */
export function logoHtml(
  { logoUrl, look }: Pick<LetterList, "logoUrl" | "look">,
  name: string,
  direction: Words["direction"],
): string {
  const sign = logoUrl
    ? `<img src="${escapeHtml(logoUrl)}" alt="" height="32" style="display:block;height:32px;width:auto;max-width:200px;border:0;">`
    : `<div class="dot" style="width:14px;height:14px;border-radius:9px;border:1px solid ${look.edge.light};background-color:${look.color};font-size:1px;line-height:14px;">&nbsp;</div>`;
  const gap = direction === "rtl" ? "padding:0 10px 0 0;" : "padding:0 0 0 10px;";
  return (
    '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>' +
    `<td style="vertical-align:middle;">${sign}</td>` +
    `<td style="${gap}vertical-align:middle;font-size:17px;line-height:26px;font-weight:600;color:${LIGHT.ink};">${name}</td>` +
    "</tr></table>"
  );
}
