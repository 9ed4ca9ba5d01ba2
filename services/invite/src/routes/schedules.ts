// What the gateway asks of the schedules.
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import {
  ProblemError,
  ScheduleParams,
  StoredSchedule,
  StoredSchedules,
  WaitlistParams,
} from "@waitlist/contracts";
import type { FastifyInstance } from "fastify";
import { toStoredSchedule } from "../domain/schedule-views.ts";
import type { Schedules } from "../ports.ts";

export interface ScheduleReads {
  schedules: Pick<Schedules, "find" | "list">;
  /** Milliseconds since 1970: what is next is next to now. */
  clock: () => number;
}

export async function scheduleRoutes(
  app: FastifyInstance,
  { schedules, clock }: ScheduleReads,
): Promise<void> {
  const routes = app.withTypeProvider<TypeBoxTypeProvider>();

  routes.get(
    "/internal/waitlists/:waitlistId/invite-schedules",
    { schema: { params: WaitlistParams, response: { 200: StoredSchedules } } },
    async ({ params: { waitlistId } }) => {
      const found = await schedules.list(waitlistId);
      return { items: found.map((schedule) => toStoredSchedule(schedule, clock())) };
    },
  );

  routes.get(
    "/internal/waitlists/:waitlistId/invite-schedules/:scheduleId",
    { schema: { params: ScheduleParams, response: { 200: StoredSchedule } } },
    async ({ params }) => {
      const schedule = await schedules.find(params);
      if (!schedule) throw new ProblemError("schedule-not-found");
      return toStoredSchedule(schedule, clock());
    },
  );
}
