// What differs between a place as the log makes it and as a database has it, in words.
import type { InviteAsOf, PlaceAsOf } from "./as-of.ts";

const whenOf = (offset: number | null) => (offset === null ? "never" : `at offset ${offset}`);

const closingOf = ({ closed }: InviteAsOf): string =>
  closed ? `${closed.requeued ? "expired and put back" : closed.how} ${whenOf(closed.offset)}` : "open";

/** One sentence a difference; none where they are the same. `log` is what is right. */
export function placeDifferences(log: PlaceAsOf, found: PlaceAsOf): string[] {
  const said: string[] = [];
  if (found.position !== log.position)
    said.push(`position ${found.position}, by the log it is ${log.position}`);
  if (found.eventId !== log.eventId) said.push("another event's id than the join on the log has");
  if (found.needsConfirmation !== log.needsConfirmation) {
    said.push(`${found.needsConfirmation ? "a" : "no"} confirmation needed, the join says otherwise`);
  }
  if (found.confirmed !== log.confirmed) {
    said.push(`confirmed ${whenOf(found.confirmed)}, by the log ${whenOf(log.confirmed)}`);
  }
  if (found.ended !== log.ended) said.push(`ended ${whenOf(found.ended)}, by the log ${whenOf(log.ended)}`);
  return [...said, ...inviteDifferences(log.invites, found.invites)];
}

function inviteDifferences(log: InviteAsOf[], found: InviteAsOf[]): string[] {
  const said = log.flatMap((right) => {
    const invite = found.find(({ inviteId }) => inviteId === right.inviteId);
    return invite
      ? fieldsOf(right, invite)
      : [`invite ${right.inviteId} of batch ${right.batchId} isn't there`];
  });
  const extra = found.filter(({ inviteId }) => !log.some((right) => right.inviteId === inviteId));
  for (const { inviteId, batchId } of extra)
    said.push(`invite ${inviteId} of batch ${batchId}, by the log there is none`);
  const isSameSet = said.length === 0;
  if (isSameSet && log.some(({ inviteId }, index) => found[index]?.inviteId !== inviteId)) {
    said.push("its invites stand in another order");
  }
  if (isSameSet && found.length > log.length) said.push("one of its invites is there twice");
  return said;
}

function fieldsOf(log: InviteAsOf, found: InviteAsOf): string[] {
  const name = `invite ${log.inviteId}`;
  const said: string[] = [];
  if (found.batchId !== log.batchId)
    said.push(`${name} of batch ${found.batchId}, by the log of ${log.batchId}`);
  if (found.offset !== log.offset)
    said.push(`${name} given ${whenOf(found.offset)}, by the log ${whenOf(log.offset)}`);
  if (found.outOfOrder !== log.outOfOrder) said.push(`${name} marked otherwise as given by name`);
  if (closingOf(found) !== closingOf(log))
    said.push(`${name} ${closingOf(found)}, by the log ${closingOf(log)}`);
  return said;
}
