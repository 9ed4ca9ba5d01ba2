import type { WaitlistDefinition } from "@waitlist/contracts";
import { type LetterFacts, SAMPLE } from "@waitlist/letters";
import { confirmUrlOf, leaveUrlOf, statusUrlOf } from "@waitlist/tokens";
import { inviteUrlOf } from "./status-view.ts";

/** Nobody's: wherever it is shown, nothing is found. */
const NO_TOKEN = "sample";

/** The addresses in a preview: they look like those of a mail, and are good for nothing. */
export function sampleUrls(
  definition: WaitlistDefinition,
  publicUrl: string,
  standing?: LetterFacts["standing"],
): LetterFacts["urls"] {
  const statusUrl = statusUrlOf(publicUrl, "sample", NO_TOKEN);
  const confirmUrl = confirmUrlOf(publicUrl, NO_TOKEN);
  return {
    statusUrl,
    confirmUrl,
    placeUrl: standing === "pending" ? confirmUrl : statusUrl,
    inviteUrl: inviteUrlOf(definition, publicUrl, SAMPLE.code),
    leaveUrl: leaveUrlOf(publicUrl, NO_TOKEN),
  };
}
