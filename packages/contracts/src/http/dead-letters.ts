// What was set aside, and what becomes of it.
import { type Static, Type } from "@sinclair/typebox";
import { EventId } from "../events/envelope.ts";
import { EntryId, WaitlistId } from "../ids.ts";
import { optional } from "../optional-body.ts";
import { lineOf, Timestamp } from "../text.ts";

const Offset = Type.Integer({ minimum: 0 });

/** A service's group, and the original partition and offset. */
export const DeadLetterId = Type.String({ pattern: "^[a-z]{1,20}\\.\\d{1,4}\\.\\d{1,15}$" });

/** `open`: nobody has decided yet; `redriven`: back on the log; `discarded`: given up, with a reason. */
export const DEAD_LETTER_STATES = ["open", "redriven", "discarded"] as const;
export const DeadLetterStatus = Type.Union(DEAD_LETTER_STATES.map((state) => Type.Literal(state)));
export type DeadLetterStatus = Static<typeof DeadLetterStatus>;

const Settled = Type.Object({
  at: Timestamp,
  by: Type.String({ description: "The name of the admin key." }),
  reason: Type.Optional(Type.String({ description: "Why it was discarded." })),
  offset: Type.Optional({ ...Offset, description: "Where a redriven record stands now." }),
});

/** A record, or the unreadable rest of one, that a service set aside. Never its content, which may be personal. */
export const DeadLetter = Type.Object(
  {
    deadLetterId: DeadLetterId,
    status: DeadLetterStatus,
    group: Type.String({ description: "Of the service that could not read it." }),
    cause: Type.String({ description: "Why: fields are named, never what they hold." }),
    topic: Type.String(),
    partition: Offset,
    offset: { ...Offset, description: "Where it stood." },
    bytes: { ...Offset, description: "Of its value." },
    at: { ...Timestamp, description: "When it was set aside." },
    readable: Type.Boolean({ description: "Whether this build can read it, so that it can be redriven." }),
    eventType: Type.Optional(Type.String()),
    eventId: Type.Optional(EventId),
    waitlistId: Type.Optional(WaitlistId),
    entryId: Type.Optional(EntryId),
    settled: Type.Optional(Settled),
  },
  { title: "DeadLetter" },
);
export type DeadLetter = Static<typeof DeadLetter>;

const DeadLetterCursor = Type.String({
  pattern: "^\\d{15}\\.[a-z]{1,20}\\.\\d{1,4}\\.\\d{1,15}$",
  examples: ["001772953241318.storage.4.1041"],
});

/** Query of `GET /v1/ops/dead-letters`. `after` is the `next` of the page before. */
export const DeadLettersQuery = Type.Object(
  {
    status: Type.Optional({ ...DeadLetterStatus, examples: ["open"] }),
    after: Type.Optional(DeadLetterCursor),
    limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100, examples: [50] }),
  },
  { additionalProperties: false },
);
export type DeadLettersQuery = Static<typeof DeadLettersQuery>;

export const DeadLettersPage = Type.Object(
  { items: Type.Array(DeadLetter), next: Type.Union([Type.String(), Type.Null()]) },
  { title: "DeadLettersPage" },
);
export type DeadLettersPage = Static<typeof DeadLettersPage>;

/** Body of a redrive: nothing, or an empty object. */
export const RedriveRequest = optional(
  Type.Object({}, { additionalProperties: false, title: "RedriveRequest" }),
);

/**
 * What a redriven join comes to. `end`: it had no place, and takes the next one; `kept`: it fills the place that it has,
 * or the person has one by now.
 */
export const RedrivenPlace = Type.Union([Type.Literal("end"), Type.Literal("kept")]);
export type RedrivenPlace = Static<typeof RedrivenPlace>;

export const Redriven = Type.Object(
  {
    deadLetterId: DeadLetterId,
    status: Type.Literal("redriven"),
    offset: { ...Offset, description: "Where the record stands now." },
    place: Type.Optional(RedrivenPlace),
    note: Type.String({ description: "What it comes to, in a sentence." }),
  },
  { title: "Redriven" },
);
export type Redriven = Static<typeof Redriven>;

export const RedrivenAll = Type.Object(
  {
    redriven: Type.Array(Redriven, { description: "In the order of the log; 200 at most, then ask again." }),
    refused: Type.Array(Type.Object({ deadLetterId: DeadLetterId, detail: Type.String() }), {
      description: "What stays open, and why: the first 200.",
    }),
    open: Type.Integer({ minimum: 0, description: "Dead letters that are open after this." }),
  },
  { title: "RedrivenAll" },
);
export type RedrivenAll = Static<typeof RedrivenAll>;

export const DiscardRequest = Type.Object(
  { reason: lineOf(500, 1) },
  { additionalProperties: false, title: "DiscardRequest" },
);
export type DiscardRequest = Static<typeof DiscardRequest>;
