import { createHttpApp, createLogger, createRegistry } from "@waitlist/runtime";
import { expect, test } from "vitest";
import type { Schedule } from "../domain/schedule.ts";
import { scheduleRoutes } from "./schedules.ts";

const schedule: Schedule = {
  ...{ waitlistId: "socialode", scheduleId: "daily", offset: 7, setAt: 0, setBy: "ada", state: "active" },
  ...{
    count: 2,
    cron: "0 9 * * *",
    timeZone: "Europe/Berlin",
    asked: 4,
    lastSlot: null,
    settingIds: ["c-7"],
    lastOffset: 9,
  },
};
const shown = {
  ...{ waitlistId: "socialode", scheduleId: "daily", offset: 7, state: "active", setTo: "active", count: 2 },
  ...{ cron: "0 9 * * *", timeZone: "Europe/Berlin", asked: 4, settingIds: ["c-7"], setBy: "ada" },
  ...{ setAt: "1970-01-01T00:00:00.000Z", nextAt: "1970-01-01T08:00:00.000Z" },
};

async function get(path: string) {
  const log = createLogger("invite", "silent");
  const app = createHttpApp({ log, registry: createRegistry("invite"), dependencies: {} });
  const isOurs = ({ waitlistId }: { waitlistId: string }) => waitlistId === schedule.waitlistId;
  await scheduleRoutes(app, {
    schedules: {
      find: async (name) => (isOurs(name) && name.scheduleId === "daily" ? schedule : null),
      list: async (waitlistId) => (isOurs({ waitlistId }) ? [schedule] : []),
    },
    clock: () => 1000,
  });
  return app.inject(`/internal/waitlists/${path}`);
}

test("a schedule is shown with its version, and when it runs next", async () => {
  expect((await get("socialode/invite-schedules/daily")).json()).toEqual(shown);
  expect((await get("socialode/invite-schedules")).json()).toEqual({ items: [shown] });
});

test("another list's schedule isn't found, nor one that nobody has set", async () => {
  expect((await get("another/invite-schedules")).json()).toEqual({ items: [] });
  for (const path of ["another/invite-schedules/daily", "socialode/invite-schedules/weekly"]) {
    expect((await get(path)).json()).toMatchObject({ status: 404, code: "schedule-not-found" });
  }
});
