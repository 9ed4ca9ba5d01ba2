import type { AdminEntry } from "@waitlist/contracts";
import { expect, test } from "vitest";
import type { Mail } from "./mailbox.ts";
import { judge, type Results } from "./verdict.ts";

const PEOPLE = 420;
const INVITES = 25;
const AGAIN = 56;
const idOf = (number: number) => `person-${number}`;
const emailOf = (number: number) => `p${number}@example.com`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const accepted = (number: number) => ({ entryId: idOf(number), reason: null });
const to = (number: number, subject: string): Mail => ({ to: emailOf(number), subject });

/** What a demo ends with that kept every promise. */
const kept = (): Results => ({
  outcomes: [
    ...numbers(PEOPLE).map(accepted),
    // Four of them sign up three times.
    ...[...numbers(AGAIN), ...numbers(4)].map(accepted),
    ...numbers(20).map(() => ({ entryId: null, reason: "400 email: is too short" })),
  ],
  entries: numbers(PEOPLE).map(
    (number) =>
      ({
        ...{ entryId: idOf(number), email: emailOf(number), position: number },
        status: number <= INVITES ? "invited" : "waiting",
      }) as AdminEntry,
  ),
  mails: [
    ...numbers(PEOPLE).map((number) => to(number, `You're number ${number} on the Socialode waitlist`)),
    ...numbers(AGAIN).map((number) => to(number, "You're already on the Socialode waitlist")),
    ...numbers(INVITES).map((number) => to(number, "Your invite to Socialode is here")),
  ],
  invites: INVITES,
});

const broken = (mails: (all: Mail[]) => Mail[]) => {
  const results = kept();
  return judge({ ...results, mails: mails(results.mails) }).flatMap(({ says, holds }) => (holds ? [] : says));
};

test("a demo that kept every promise is told so", () => {
  expect(broken((mails) => mails)).toEqual([]);
});

test.for([
  [
    "one who signed up again hears it twice",
    (all: Mail[]) => [...all, all[PEOPLE] as Mail],
    /signed up again/,
  ],
  ["one isn't told", (all: Mail[]) => all.filter((mail) => mail !== all[PEOPLE]), /signed up again/],
  ["somebody else is told", (all: Mail[]) => all.with(PEOPLE, to(99, all[PEOPLE]?.subject ?? "")), /again/],
  ["a welcome is missing", (all: Mail[]) => all.slice(1), /welcome mails/],
  [
    "an invite goes elsewhere",
    (all: Mail[]) => all.with(-1, to(99, all.at(-1)?.subject ?? "")),
    /invite mails/,
  ],
  ["something else arrives", (all: Mail[]) => [...all, to(1, "Hello")], /no other mail/],
] as const)("where %s, one promise is shown as broken", ([_what, change, says]) => {
  expect(broken(change)).toEqual([expect.stringMatching(says)]);
});
