// The pages' style sheet, in a list's colour.
import { createHash } from "node:crypto";
import { contrast, readableOn } from "@waitlist/markup";

const LIGHT = { paper: "#f3f4f6", card: "#ffffff", edge: "#e5e7eb", ink: "#111827", soft: "#4b5563" };
const DARK = { paper: "#15171c", card: "#1f232b", edge: "#363d4a", ink: "#f3f4f6", soft: "#b4bbc7" };

/** What marks a button off from what it stands on (WCAG 2.2, 1.4.11). */
const MIN_CONTRAST = 3;

const variables = (theme: typeof LIGHT, color: string): string =>
  Object.entries({ ...theme, rim: contrast(color, theme.card) >= MIN_CONTRAST ? color : theme.soft })
    .map(([name, value]) => `--${name}: ${value};`)
    .join(" ");

/** `color` is `#rrggbb` and nothing else: it stands in the sheet as it is. */
export const styleSheet = (color: string): string => `:root {
  color-scheme: light dark;
  --brand: ${color}; --on-brand: ${readableOn(color)};
  ${variables(LIGHT, color)}
}
@media (prefers-color-scheme: dark) {
  :root { ${variables(DARK, color)} }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
  min-height: 100svh;
  display: grid;
  place-items: center;
  padding: 1.25rem;
  background: var(--paper);
  color: var(--ink);
  font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
}
main {
  width: 100%;
  max-width: 30rem;
  padding: clamp(1.5rem, 6vw, 2.75rem);
  background: var(--card);
  border: 1px solid var(--edge);
  border-top: 5px solid var(--brand);
  border-radius: 0.75rem;
}
.list { margin: 0 0 1.25rem; color: var(--soft); font-weight: 600; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.25; text-wrap: balance; }
p { margin: 0 0 0.875rem; }
p:last-child { margin: 0; }
form { margin: 1.75rem 0 0; }
button {
  width: 100%;
  padding: 0.8125rem 1.5rem;
  border: 2px solid var(--rim);
  border-radius: 0.5rem;
  background: var(--brand);
  color: var(--on-brand);
  font: inherit;
  font-weight: 600;
  cursor: pointer;
}
button:hover { filter: brightness(1.06); }
button:focus-visible { outline: 3px solid var(--ink); outline-offset: 3px; }
`;

/** Stands in the sheet's address: browsers keep it for good, and a change of it is another address. */
export const STYLE_VERSION = createHash("sha256")
  .update(styleSheet("#000000"))
  .digest("base64url")
  .slice(0, 8);
