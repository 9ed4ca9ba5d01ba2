// Schedules as somebody would work them out on paper.
import type { DataOf } from "@waitlist/contracts";

export interface PaperSchedule {
  offset: number;
  state: string;
  total: number;
  asked: number;
  slots: number[];
}

export function createPaperSchedules() {
  const schedules = new Map<string, PaperSchedule>();
  const keyOf = ({ waitlistId, scheduleId }: { waitlistId: string; scheduleId?: string }) =>
    `${waitlistId}:${scheduleId}`;

  const settings = new Set<string>();
  return {
    schedules,
    set: (data: DataOf<"InviteScheduleSet">, offset: number, eventId: string): void => {
      if (settings.has(eventId)) return;
      settings.add(eventId);
      const { state, total = Number.POSITIVE_INFINITY } = data;
      const { asked = 0, slots = [] } = schedules.get(keyOf(data)) ?? {};
      schedules.set(keyOf(data), { offset, state, total, asked, slots });
    },
    /** Whether a request is a batch, for all that its schedule says; one without a schedule is. */
    isRun: (data: DataOf<"InviteBatchRequested">): boolean => {
      const { slot = 0, count = 0 } = data;
      if (data.scheduleId === undefined) return true;
      const schedule = schedules.get(keyOf(data));
      if (schedule?.state !== "active" || schedule.offset !== data.scheduleOffset) return false;
      return schedule.slots.every((each) => each < slot) && schedule.asked + count <= schedule.total;
    },
    ran: (data: DataOf<"InviteBatchRequested">): void => {
      const schedule = schedules.get(keyOf(data));
      if (!schedule || data.slot === undefined) return;
      schedule.asked += data.count ?? 0;
      schedule.slots.push(data.slot);
    },
  };
}

export type PaperSchedules = ReturnType<typeof createPaperSchedules>;
