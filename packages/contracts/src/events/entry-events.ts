import { Type } from "@sinclair/typebox";
import { Answers } from "../answers.ts";
import { EntryId, WaitlistId } from "../ids.ts";
import { Locale, lineOf, MailAddress } from "../text.ts";
import { defineEvent } from "./envelope.ts";

/** The offset of the join that opened the place a fact is about. */
export const JoinOffset = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** What a signer gave, as far as it is personal or free text. */
export const Signup = {
  email: MailAddress,
  name: Type.Optional(lineOf(200)),
  locale: Type.Optional(Locale),
  answers: Type.Optional(Answers),
  referredBy: Type.Optional(Type.String({ pattern: "^[a-z2-7]{10}$" })),
  source: Type.Optional(lineOf(200)),
  consent: Type.Optional(Type.Boolean()),
};

/** Somebody signed up: its offset is the place in the order. */
export const WaitlistJoined = defineEvent(
  "WaitlistJoined",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    entryId: EntryId,
    needsConfirmation: Type.Boolean(),
    ...Signup,
    /** The domain is on the list of throw-away ones, and the waitlist flags those. */
    disposable: Type.Optional(Type.Literal(true)),
  }),
  ["waitlistId", "entryId", "needsConfirmation"],
);

const aboutAPlace = Type.Object({ waitlistId: WaitlistId, entryId: EntryId, joinOffset: JoinOffset });
const placeFields: (keyof typeof aboutAPlace.properties)[] = ["waitlistId", "entryId", "joinOffset"];

/** The address was confirmed from a mail (double opt-in). */
export const EntryConfirmed = defineEvent("EntryConfirmed", 1, aboutAPlace, placeFields);
/** The person gave the place up; joining again opens a new one at the end. */
export const EntryLeft = defineEvent("EntryLeft", 1, aboutAPlace, placeFields);
/** The person left and asked to be forgotten. */
export const EntryErased = defineEvent("EntryErased", 1, aboutAPlace, placeFields);
