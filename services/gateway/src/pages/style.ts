// The pages' style sheet, in a list's colour.
import { readableOn } from "@waitlist/markup";

/** `color` is `#rrggbb` and nothing else: it stands in the sheet as it is. */
export const styleSheet = (color: string): string => `:root {
  --brand: ${color};
  --on-brand: ${readableOn(color)};
  --paper: #f3f4f6;
  --card: #ffffff;
  --edge: #e5e7eb;
  --ink: #111827;
  --soft: #4b5563;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171c; --card: #1f232b; --edge: #363d4a; --ink: #f3f4f6; --soft: #b4bbc7; }
}
* { box-sizing: border-box; }
body {
  margin: 0;
  min-height: 100vh;
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
  padding: clamp(1.75rem, 6vw, 3rem);
  background: var(--card);
  border: 1px solid var(--edge);
  border-top: 4px solid var(--brand);
  border-radius: 0.875rem;
}
.list { margin: 0 0 1.5rem; color: var(--soft); font-weight: 600; overflow-wrap: anywhere; }
h1 { margin: 0 0 1rem; font-size: 1.625rem; line-height: 1.25; text-wrap: balance; overflow-wrap: anywhere; }
p { margin: 0 0 1rem; overflow-wrap: anywhere; }
form { margin: 1.75rem 0 0; }
button {
  width: 100%;
  padding: 0.875rem 1.5rem;
  border: 1px solid color-mix(in srgb, var(--brand), var(--ink) 25%);
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
