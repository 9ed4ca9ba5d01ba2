// What admins send and get about schedules of invites.
import { type Static, Type } from "@sinclair/typebox";
import { SCHEDULE_STATES } from "../events/invite-events.ts";
import { OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf, meaning, Timestamp } from "../text.ts";

const closed = { additionalProperties: false };

/** Active, or resumed; paused; or ended for good. */
export const ScheduleState = Type.Union(SCHEDULE_STATES.map((state) => Type.Literal(state)));
export type ScheduleState = Static<typeof ScheduleState>;

const count = Type.Integer({ minimum: 1, maximum: 1_000_000, description: "How many each run invites." });
const total = Type.Integer({
  minimum: 1,
  maximum: 100_000_000,
  description: "How many its runs ask for in all; the last one asks for what is left.",
});

/** Body of `PUT /v1/waitlists/{id}/invite-schedules/{scheduleId}`. */
export const ScheduleRequest = Type.Object(
  {
    count,
    cron: Type.String({
      pattern: "^[0-9A-Za-z*,/#+-]+( [0-9A-Za-z*,/#+-]+){4}$",
      minLength: 9,
      maxLength: 100,
      description:
        "When: minute, hour, day of the month, month and day of the week, with a blank between each.",
      ...meaning("cron"),
    }),
    timeZone: Type.Optional(
      Type.String({
        pattern: "^[A-Za-z0-9_+/-]{1,64}$",
        description: "In which `cron` is read; the list's, unless it is given.",
        ...meaning("time-zone"),
      }),
    ),
    total: Type.Optional(total),
    note: Type.Optional(lineOf(500)),
    state: Type.Optional({
      ...ScheduleState,
      description: "A new schedule is active, and a changed one stays as it is, unless this is given.",
    }),
  },
  { ...closed, title: "ScheduleRequest" },
);
export type ScheduleRequest = Static<typeof ScheduleRequest>;

/** Body of `PUT …/{scheduleId}/state`. */
export const ScheduleStateRequest = Type.Object(
  { state: ScheduleState },
  { ...closed, title: "ScheduleStateRequest" },
);
export type ScheduleStateRequest = Static<typeof ScheduleStateRequest>;

/** A schedule as it is now. */
export const ScheduleView = Type.Object(
  {
    scheduleId: OpaqueId,
    waitlistId: WaitlistId,
    state: Type.Union([...ScheduleState.anyOf, Type.Literal("finished")], {
      description: "`finished`: its total was asked for. A higher total lets it go on.",
    }),
    count,
    cron: Type.String(),
    timeZone: Type.String(),
    total: Type.Optional(total),
    asked: Type.Integer({ minimum: 0, description: "How many its runs have asked for so far." }),
    nextAt: Type.Optional({ ...Timestamp, description: "When it runs next." }),
    lastAt: Type.Optional({ ...Timestamp, description: "The slot of its last run." }),
    note: Type.Optional(Type.String()),
    setAt: Timestamp,
    setBy: Type.String({ description: "The name of the admin key that set it as it is." }),
  },
  { title: "ScheduleView" },
);
export type ScheduleView = Static<typeof ScheduleView>;

export const ScheduleList = Type.Object({ items: Type.Array(ScheduleView) }, { title: "ScheduleList" });
export type ScheduleList = Static<typeof ScheduleList>;
