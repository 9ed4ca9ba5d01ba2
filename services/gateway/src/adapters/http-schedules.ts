import type { StoredSchedule, StoredSchedules } from "@waitlist/contracts";
import type { InternalClient } from "@waitlist/runtime";
import type { InviteSchedules } from "../ports.ts";

/** The invite service's schedules over internal HTTP. */
export const createHttpSchedules = (client: InternalClient): InviteSchedules => ({
  find: (waitlistId, scheduleId) =>
    client.get<StoredSchedule>(`/internal/waitlists/${waitlistId}/invite-schedules/${scheduleId}`),
  list: async (waitlistId) => {
    const found = await client.get<StoredSchedules>(`/internal/waitlists/${waitlistId}/invite-schedules`);
    return found?.items ?? [];
  },
});
