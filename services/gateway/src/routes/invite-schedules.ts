// Inviting by a calendar: setting schedules, pausing, resuming and ending them, and seeing how far they are.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  ProblemError,
  ScheduleList,
  ScheduleRequest,
  ScheduleStateRequest,
  ScheduleView,
} from "@waitlist/contracts";
import type { FastifyInstance, FastifyReply } from "fastify";
import { idempotencyKeyOf } from "../domain/headers.ts";
import { scheduleView } from "../domain/schedules.ts";
import type { AdminAuth } from "../http/admin-auth.ts";
import type { Idempotency } from "../idempotency.ts";
import type { Definitions, InviteSchedules } from "../ports.ts";
import { requireList } from "../require-list.ts";
import type { ScheduleChange, SetSchedule } from "../set-schedule.ts";
import { byAdminKey, IdempotencyHeaders, ScheduleParams, shown, WaitlistParams } from "./docs.ts";
import { examples } from "./examples.ts";
import { readProblems, writeProblems } from "./problem-responses.ts";

interface Deps {
  auth: AdminAuth;
  definitions: Definitions;
  schedules: InviteSchedules;
  setSchedule: SetSchedule;
  idempotency: Idempotency;
}

const answers = {
  200: shown(ScheduleView, examples.schedule, "In force."),
  202: shown(
    ScheduleView,
    examples.schedule,
    "On the log, and in force as soon as the invite service has read it.",
  ),
};

const putSchema = {
  tags: ["Invites"],
  summary: "Create or change an invite schedule",
  description:
    "At each slot of `cron` a batch of `count`, until `total` were asked for. Each slot is run once at most, and a " +
    "time of day stays what it is when clocks change: one that they skip is run when they have skipped it, one that they " +
    "show twice is run once. Only slots after this request are run. Of slots that were missed while the service was " +
    "away, the latest alone is made up for. An ended schedule stays ended.",
  security: byAdminKey,
  params: ScheduleParams,
  headers: IdempotencyHeaders,
  body: shown(ScheduleRequest, examples.scheduleRequest),
  response: {
    ...answers,
    ...writeProblems("unauthorized", "forbidden", "waitlist-not-found", "schedule-ended"),
  },
};

const putStateSchema = {
  tags: ["Invites"],
  summary: "Pause, resume or end an invite schedule",
  description:
    "What is due while a schedule is paused is not made up for. Batches that it has asked for already are not touched.",
  security: byAdminKey,
  params: ScheduleParams,
  headers: IdempotencyHeaders,
  body: shown(ScheduleStateRequest, { state: "paused" }),
  response: {
    ...answers,
    ...writeProblems(
      ...(["unauthorized", "forbidden", "waitlist-not-found"] as const),
      ...(["schedule-not-found", "schedule-ended"] as const),
    ),
  },
};

const listSchema = {
  tags: ["Invites"],
  summary: "See a waitlist's invite schedules",
  security: byAdminKey,
  params: WaitlistParams,
  response: {
    200: shown(ScheduleList, { items: [examples.schedule] }, "All of them, by their ids."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found"),
  },
};

const getSchema = {
  tags: ["Invites"],
  summary: "See an invite schedule",
  security: byAdminKey,
  params: ScheduleParams,
  response: {
    200: shown(ScheduleView, examples.schedule, "The schedule as it is now."),
    ...readProblems("unauthorized", "forbidden", "waitlist-not-found", "schedule-not-found"),
  },
};

const PATH = "/waitlists/:waitlistId/invite-schedules";

export function inviteScheduleRoutes(app: FastifyInstance, deps: Deps): void {
  const { auth, definitions, schedules, setSchedule, idempotency } = deps;
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  const answer = async (reply: FastifyReply, change: ScheduleChange) => {
    const { waitlistId, scheduleId, key, wanted: body } = change;
    const scope = `schedule ${waitlistId} ${scheduleId}`;
    const { schedule, inForce } = await idempotency.once({ scope, key, body }, () => setSchedule(change));
    return reply.code(inForce ? 200 : 202).send(schedule);
  };

  routes.put(
    `${PATH}/:scheduleId`,
    { schema: putSchema, onRequest: auth.require("admin") },
    ({ params, body: wanted, headers, adminKey }, reply) =>
      answer(reply, {
        ...params,
        ...{ wanted, key: idempotencyKeyOf(headers["idempotency-key"]), requestedBy: adminKey?.name ?? "" },
      }),
  );

  routes.put(
    `${PATH}/:scheduleId/state`,
    { schema: putStateSchema, onRequest: auth.require("admin") },
    ({ params, body: wanted, headers, adminKey }, reply) =>
      answer(reply, {
        ...params,
        ...{ wanted, key: idempotencyKeyOf(headers["idempotency-key"]), requestedBy: adminKey?.name ?? "" },
      }),
  );

  routes.get(
    PATH,
    { schema: listSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId } }) => {
      await requireList(definitions, waitlistId);
      return { items: (await schedules.list(waitlistId)).map(scheduleView) };
    },
  );

  routes.get(
    `${PATH}/:scheduleId`,
    { schema: getSchema, onRequest: auth.require("read") },
    async ({ params: { waitlistId, scheduleId } }) => {
      await requireList(definitions, waitlistId);
      const schedule = await schedules.find(waitlistId, scheduleId);
      if (!schedule) throw new ProblemError("schedule-not-found");
      return scheduleView(schedule);
    },
  );
}
