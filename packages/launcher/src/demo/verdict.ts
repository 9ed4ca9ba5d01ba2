// What has to hold at the end of the demo, worked out from the file and the answers alone.
import { type AdminEntry, parseAddress } from "@waitlist/contracts";
import { createSubjectReader } from "@waitlist/letters";
import type { Mail } from "./mailbox.ts";
import type { Outcome } from "./signups.ts";

/** What `examples/socialode-signups.csv` holds. */
const EXPECTED = { people: 420, repeats: 60, repeated: 56, refused: 20 };

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

/** Whoever signs up says in which language they read: mails are told apart in all of them. */
const hasSubjectOf = createSubjectReader();
export const isWelcome = ({ subject }: Mail): boolean => hasSubjectOf("welcome", subject);
export const isAlready = ({ subject }: Mail): boolean => hasSubjectOf("already", subject);
export const isInvite = ({ subject }: Mail): boolean => hasSubjectOf("invite", subject);

/** Ids of the people who signed up more than once. */
export function repeaters(outcomes: Outcome[]): string[] {
  const times = Map.groupBy(
    outcomes.flatMap(({ entryId }) => entryId ?? []),
    (entryId) => entryId,
  );
  return [...times].flatMap(([entryId, all]) => (all.length > 1 ? [entryId] : []));
}

/** One spelling for one mailbox: the mailbox's list shows domains as it likes. */
const mailbox = (address: string): string => parseAddress(address)?.canonical ?? address;

/** Each promise of the demo, and whether it was kept. */
export function judge({ outcomes, entries, mails, invites }: Results): Check[] {
  const accepted = outcomes.flatMap(({ entryId }) => entryId ?? []);
  const people = [...new Set(accepted)];
  const refusals = outcomes.filter(({ entryId }) => entryId === null);
  const positions = entries.map(({ position }) => position);
  const first = entries.slice(0, invites);
  const again = new Set(repeaters(outcomes));
  const repeated = entries.filter(({ entryId }) => again.has(entryId));
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
      says: `${EXPECTED.repeated} people who signed up again were told so, once each`,
      holds: repeated.length === EXPECTED.repeated && isSame(received(isAlready), addressees(repeated)),
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
    {
      says: "no other mail",
      holds: mails.every((mail) => isWelcome(mail) || isAlready(mail) || isInvite(mail)),
    },
  ];
}

const isSame = (left: readonly (string | number)[], right: readonly (string | number)[]): boolean =>
  left.length === right.length && left.every((item, index) => item === right[index]);
