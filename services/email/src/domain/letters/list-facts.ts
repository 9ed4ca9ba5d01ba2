import type { WaitlistDefinition } from "@waitlist/contracts";

/** What letters need to know of their list. */
export interface ListFacts {
  waitlistId: string;
  name: string;
  /** `#rrggbb`: the button and the mark. */
  color: string;
  /** Black or white, whichever can be read on the colour. */
  onColor: string;
  logoUrl: string | null;
  websiteUrl: string | null;
  privacyUrl: string | null;
  postalAddress: string | null;
  timeZone: string;
  from: { name: string; address: string; replyTo?: string } | null;
  /** Where an invite leads, with `{code}` in it; null for the product's own page. */
  inviteUrlTemplate: string | null;
}

const DEFAULT_COLOR = "#4f46e5";

/** `definition` is null where none was readable: the mail goes out all the same, under the list's id. */
export function listFacts(waitlistId: string, definition: WaitlistDefinition | null): ListFacts {
  const color = definition?.brand.color ?? DEFAULT_COLOR;
  return {
    waitlistId,
    name: definition?.name ?? waitlistId,
    color,
    onColor: readableOn(color),
    logoUrl: definition?.brand.logoUrl ?? null,
    websiteUrl: definition?.brand.websiteUrl ?? null,
    privacyUrl: definition?.brand.privacyUrl ?? null,
    postalAddress: definition?.brand.postalAddress ?? null,
    timeZone: definition?.timeZone ?? "UTC",
    from: definition?.from ?? null,
    inviteUrlTemplate: definition?.invites.urlTemplate ?? null,
  };
}

/** Whichever of black and white has the higher contrast (WCAG 2.2, relative luminance). */
function readableOn(color: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? "#ffffff" : "#111827";
}
