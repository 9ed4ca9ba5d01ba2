// Which token lets its holder do what. Only tokens from mails do anything: they prove the mailbox.
import type { StatusClaims, TokenPlace, Tokens } from "@waitlist/tokens";

/** The place that a token confirms, or null. */
export const confirmationOf = (tokens: Pick<Tokens, "verify">, token: string): TokenPlace | null =>
  tokens.verify(token, "confirmation");

/** The claims of a status token, if it came by mail. */
export function mailedOf(tokens: Pick<Tokens, "verify">, token: string): StatusClaims | null {
  const claims = tokens.verify(token, "status");
  return claims?.kind === "mailed" ? claims : null;
}

/** The place that a token gives up: one made for it, or the status token of a mail. */
export const departureOf = (tokens: Pick<Tokens, "verify">, token: string): TokenPlace | null =>
  tokens.verify(token, "unsubscribe") ?? mailedOf(tokens, token);
