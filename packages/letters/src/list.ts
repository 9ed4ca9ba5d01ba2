import type { WaitlistDefinition } from "@waitlist/contracts";
import { type BrandLook, lookOf } from "./look.ts";

/** What letters need to know of their list. */
export interface LetterList {
  /** Names the list and which definition of it this is: two of one version are the same. */
  version: string;
  name: string;
  locale: string;
  timeZone: string;
  look: BrandLook;
  logoUrl: string | null;
  privacyUrl: string | null;
  postalAddress: string | null;
  mails: NonNullable<WaitlistDefinition["mails"]>;
}

/** `definition` is null where none was readable: the mail goes out all the same, under the list's id. */
export function letterList(
  waitlistId: string,
  definition: WaitlistDefinition | null,
  offset: number | null,
): LetterList {
  const { brand = {}, mails = {}, name = waitlistId } = definition ?? {};
  return {
    version: `${waitlistId}@${offset}`,
    name,
    locale: definition?.locale ?? "en",
    timeZone: definition?.timeZone ?? "UTC",
    look: lookOf(brand.color),
    logoUrl: brand.logoUrl ?? null,
    privacyUrl: brand.privacyUrl ?? null,
    postalAddress: brand.postalAddress ?? null,
    mails,
  };
}
