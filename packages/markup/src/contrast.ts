// Colours that can be read, whatever brand they come from.

/** Where a list names no colour of its own. */
export const DEFAULT_COLOR = "#4f46e5";

const WHITE = "#ffffff";
const DARK = "#111827";

/** Relative luminance of `#rrggbb` (WCAG 2.2), from 0 to 1. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2). */
export function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Whichever of white and nearly black is read better on a colour. */
export const readableOn = (color: string): string =>
  contrast(color, WHITE) >= contrast(color, DARK) ? WHITE : DARK;
