// What has to hold at the end of the demo, worked out from the file and the answers alone.
import { type AdminEntry, parseAddress } from "@waitlist/contracts";
import type { Mail } from "./mailbox.ts";
import type { Outcome } from "./signups.ts";

/** What `examples/socialode-signups.csv` holds. */
const EXPECTED = { people: 420, repeats: 60, refused: 20 };

export interface Results {
  outcomes: Outcome[];
  entries: AdminEntry[];
  mails: Mail[];
  invites: number;
}

export interface Check {
  says: string;
  holds: boolean;
}

export const isWelcome = ({ subject }: Mail): boolean => /^You(’|')re number [\d,.]+ /.test(subject);
export const isInvite = ({ subject }: Mail): boolean =>
  /invite/i.test(subject) && !isWelcome({ subject, to: "" });

/** One spelling for one mailbox: the mailbox's list shows domains as it likes. */
const mailbox = (address: string): string => parseAddress(address)?.canonical ?? address;

/** Each promise of the demo, and whether it was kept. */
export function judge({ outcomes, entries, mails, invites }: Results): Check[] {
  const accepted = outcomes.flatMap(({ entryId }) => entryId ?? []);
  const people = [...new Set(accepted)];
  const refusals = outcomes.filter(({ entryId }) => entryId === null);
  const positions = entries.map(({ position }) => position);
  const first = entries.slice(0, invites);
  const invited = entries.filter(({ status }) => status === "invited");
  const addressees = (wanted: AdminEntry[]) => wanted.map(({ email }) => mailbox(email ?? "")).sort();
  const received = (kind: (mail: Mail) => boolean) =>
    mails
      .filter(kind)
      .map(({ to }) => mailbox(to))
      .sort();
  return [
    {
      says: `${EXPECTED.people} people on the list, positions 1 to ${EXPECTED.people} without a gap`,
      holds: isSame(
        positions,
        Array.from({ length: EXPECTED.people }, (_, index) => index + 1),
      ),
    },
    {
      says: "in the order of the file",
      holds: isSame(
        people,
        entries.map(({ entryId }) => entryId),
      ),
    },
    {
      says: `${EXPECTED.repeats} repeats without a second place`,
      holds: accepted.length - people.length === EXPECTED.repeats,
    },
    {
      says: `${EXPECTED.refused} refused, each with a reason`,
      holds:
        refusals.length === EXPECTED.refused && refusals.every(({ reason }) => reason?.startsWith("400 ")),
    },
    {
      says: `${EXPECTED.people} welcome mails, one a person`,
      holds: isSame(received(isWelcome), addressees(entries)),
    },
    {
      says: `${invites} invites, to positions 1 to ${invites} and nobody else`,
      holds: isSame(
        invited.map(({ position }) => position),
        Array.from({ length: invites }, (_, i) => i + 1),
      ),
    },
    {
      says: `${invites} invite mails, to the same people`,
      holds: isSame(received(isInvite), addressees(first)),
    },
  ];
}

const isSame = (left: readonly (string | number)[], right: readonly (string | number)[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);
