import type { WaitlistDefinition } from "@waitlist/contracts";
import { DEFAULT_COLOR, readableOn } from "@waitlist/markup";

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
