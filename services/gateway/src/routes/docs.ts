// Small helpers with which routes describe themselves.
import { type TSchema, Type } from "@sinclair/typebox";
import { OpaqueId, WaitlistId } from "@waitlist/contracts";
import { examples } from "./examples.ts";

/** A schema with an example and a sentence, for one use of it. */
export const shown = <T extends TSchema>(schema: T, example: unknown, description?: string): T => ({
  ...schema,
  examples: [example],
  ...(description === undefined ? {} : { description }),
});

export const WaitlistParams = Type.Object({ waitlistId: shown(WaitlistId, examples.waitlistId) });
export const BatchParams = Type.Object({
  waitlistId: shown(WaitlistId, examples.waitlistId),
  batchId: shown(OpaqueId, examples.batchAccepted.batchId),
});

export const ScheduleParams = Type.Object({
  waitlistId: shown(WaitlistId, examples.waitlistId),
  scheduleId: shown(OpaqueId, examples.schedule.scheduleId, "Of the admin's choice."),
});

/** Any text: what can't be a code is answered like one that nobody has. */
export const CodeParams = Type.Object({
  code: shown(Type.String(), examples.code, "As people type it: in any case, with or without its hyphens."),
});

/** Any text: what is no mail's id is answered like a mail that doesn't exist. */
export const MailParams = Type.Object({
  waitlistId: shown(WaitlistId, examples.waitlistId),
  mailId: shown(Type.String(), examples.mail.mailId),
});

/** Any text: what is no dead letter's id is answered like one that doesn't exist. */
export const DeadLetterParams = Type.Object({
  deadLetterId: shown(Type.String(), examples.deadLetter.deadLetterId),
});

export const IdempotencyHeaders = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      pattern: "^[\\x21-\\x7e]{1,200}$",
      "x-refusal": "must be 1 to 200 visible ASCII characters without spaces",
      description: "The same key gives the same outcome for 24 hours.",
      examples: ["first-25-friends"],
    }),
  ),
});

/** For a call that does nothing more when it is repeated, with whatever key. */
export const UnusedIdempotencyHeaders = Type.Object({
  "idempotency-key": Type.Optional({
    ...IdempotencyHeaders.properties["idempotency-key"],
    description: "May be sent, and isn't kept: a repeat has the same outcome with any key, or without.",
  }),
});

export const byAdminKey = [{ adminKey: [] }];

/** Anybody may: no key, no token. */
export const byAnybody: Record<string, string[]>[] = [];

/** Any text: what is no entry's id is answered like an entry that doesn't exist. */
export const EntryParam = Type.Object({ entryId: shown(Type.String(), examples.entryStatus.entryId) });

export const TokenQuery = Type.Object({
  token: Type.Optional(
    Type.String({
      description: "The token, where no header can be sent.",
      examples: [examples.joinAccepted.statusToken],
    }),
  ),
});

export const byStatusToken = [{ statusToken: [] }, { statusTokenInQuery: [] }];
