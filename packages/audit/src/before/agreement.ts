// What the databases must agree on where the log itself can't say any more: positions without gaps, and the same
// invites in storage as in the invite service. (Email is held against storage's places as against the log's.)
import type { Difference } from "../findings.ts";
import type { PaperInvite, PaperList, PaperPlace } from "../paper/model.ts";
import type { Paper } from "../paper/paper.ts";

export interface Agreement {
  paper: Pick<Paper, "batches">;
  /** Offset of the first record that the log still has. */
  start: number;
  report: (difference: Difference) => void;
}

export function checkBeginning(agreement: Agreement, list: PaperList): void {
  const { waitlistId } = list;
  for (const [index, { position, entryId, joinOffset: offset }] of list.places.entries()) {
    const right = index + 1;
    if (position === right) continue;
    const what = `position ${position} in storage, where ${right} would be next: there is a gap or a position twice`;
    agreement.report({ where: "storage", waitlistId, entryId, offset, what });
    break;
  }
  for (const place of list.places) {
    for (const what of invitesApart(agreement, place)) {
      const { entryId, joinOffset: offset } = place;
      agreement.report({
        where: "invite",
        waitlistId,
        entryId,
        offset,
        what: `before the log begins: ${what}`,
      });
    }
  }
}

function invitesApart({ paper, start }: Agreement, place: PaperPlace): string[] {
  const { told, decided } = place;
  const said: string[] = [];
  for (const invite of told.given) {
    const own = decided.given.find(({ inviteId }) => inviteId === invite.inviteId);
    if (!own) said.push(`invite ${invite.inviteId} isn't there, storage has it`);
    else if (!isClosedAlike(own, invite)) {
      said.push(`invite ${invite.inviteId} ${endOf(own)}, by storage ${endOf(invite)}`);
    }
  }
  for (const { inviteId, batchId } of decided.given) {
    const isTold = told.given.some((invite) => invite.inviteId === inviteId);
    // Without its place's end, an invite of a batch that was complete must be in storage, too.
    const completed = paper.batches.get(batchId)?.completed ?? start;
    if (!isTold && completed < start && place.endOffset === undefined) {
      said.push(`invite ${inviteId} is there, storage hasn't got it`);
    }
  }
  return said;
}

const endOf = ({ closed }: PaperInvite) => (closed ? `${closed.how} at offset ${closed.offset}` : "open");

/** A withdrawn batch is told to storage later, and not at all once the place has ended. */
function isClosedAlike(decided: PaperInvite, told: PaperInvite): boolean {
  if (!told.closed) return !decided.closed || decided.closed.how === "withdrawn";
  return endOf(decided) === endOf(told);
}
