import { ProblemError } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSetSchedule } from "../src/set-schedule.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, SECRET, type World } from "./support.ts";

const DAILY = { count: 200, cron: "0 9 * * *", total: 10_000 };

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ timeZone: "Europe/Berlin" }));
});
afterEach(() => world.close());

const put = (payload: object, path = "daily", headers: Record<string, string> = {}, list = LIST) =>
  world.app.inject({
    method: "PUT",
    url: `/v1/waitlists/${list}/invite-schedules/${path}`,
    payload,
    headers: { ...bearer(KEYS.admin), ...headers },
  });
const get = (path: string, key = KEYS.read) =>
  world.app.inject({ url: `/v1/waitlists/${path}`, headers: bearer(key) });
const settings = () => world.events.map(({ data }) => data);

describe("setting a schedule", () => {
  it("puts it on the log, active and in the list's time zone, and answers when it is in force", async () => {
    const response = await put({ ...DAILY, note: "launch" });
    const set = { ...DAILY, timeZone: "Europe/Berlin", state: "active", note: "launch" };
    expect(settings()).toEqual([{ waitlistId: LIST, scheduleId: "daily", ...set, requestedBy: "boss" }]);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({
      ...{ scheduleId: "daily", waitlistId: LIST, ...set, asked: 0, setBy: "boss" },
      setAt: "2026-03-01T09:30:00.000Z",
    });
    expect((await get(`${LIST}/invite-schedules/daily`)).json()).toEqual(response.json());
    expect((await get(`${LIST}/invite-schedules`)).json()).toEqual({ items: [response.json()] });
  });

  it("writes nothing where it is so already, whatever the key", async () => {
    await put(DAILY);
    world.broken.redis = true;
    const again = await put(DAILY, "daily", { "idempotency-key": "once" });
    expect([again.statusCode, world.events.length]).toEqual([200, 1]);
  });

  it("is the same under the same key, and refuses another one under it", async () => {
    const key = { "idempotency-key": "once" };
    const first = await put(DAILY, "daily", key);
    await put({ ...DAILY, count: 5 });
    expect((await put(DAILY, "daily", key)).json()).toEqual(first.json());
    expect(world.events).toHaveLength(2);
    expect((await put({ count: 1, cron: "0 9 * * *" }, "daily", key)).statusCode).toBe(422);
  });

  it("sets nothing back by a repeat under its key, while Redis is away", async () => {
    world.broken.redis = true;
    const key = { "idempotency-key": "once" };
    await put(DAILY, "daily", key);
    const changed = await put({ ...DAILY, count: 5 }, "daily", { "idempotency-key": "later" });
    expect((await put(DAILY, "daily", key)).json()).toEqual(changed.json());
    expect(world.events).toHaveLength(2);
    // The control: another key asks for it anew.
    expect((await put(DAILY, "daily", { "idempotency-key": "anew" })).json().count).toBe(DAILY.count);
    expect(world.events).toHaveLength(3);
  });

  it("is the same event again after an append of which nobody knows whether it was written", async () => {
    world.broken.acknowledgement = true;
    // The invite service hasn't read it by the time of the repeat.
    world.broken.stores = false;
    const key = { "idempotency-key": "once" };
    expect((await put(DAILY, "daily", key)).statusCode).toBe(503);
    world.broken.acknowledgement = false;
    world.broken.stores = true;
    expect((await put(DAILY, "daily", key)).statusCode).toBe(200);
    expect(world.events.map(({ id }) => id)).toEqual(
      Array(2).fill(expect.stringMatching(/^c-[a-z2-7]{24}$/)),
    );
    expect(new Set(world.events.map(({ id }) => id)).size).toBe(1);
  });

  it("changes all of it, but leaves a paused one paused", async () => {
    await put({ ...DAILY, note: "launch" });
    await put({ state: "paused" }, "daily/state");
    const changed = await put({ count: 5, cron: "0 8 * * MON-FRI", timeZone: "UTC" });
    expect(changed.json()).toMatchObject({ count: 5, state: "paused", timeZone: "UTC" });
    expect(changed.json()).not.toHaveProperty("note");
    expect(changed.json()).not.toHaveProperty("total");
    expect((await put({ ...DAILY, state: "active" })).json().state).toBe("active");
  });

  it.each<[string, object, string]>([
    ["no count", { cron: "0 9 * * *" }, "/count"],
    ["none", { ...DAILY, count: 0 }, "/count"],
    ["no pattern", { count: 1 }, "/cron"],
    ["seconds", { count: 1, cron: "0 0 9 * * *" }, "/cron"],
    ["a nickname", { count: 1, cron: "@everyday" }, "/cron"],
    ["a minute that no hour has", { count: 1, cron: "60 9 * * *" }, "/cron"],
    ["a day that never comes", { count: 1, cron: "0 9 30 2 *" }, "/cron"],
    ["a time zone of nowhere", { ...DAILY, timeZone: "Mars/Olympus" }, "/timeZone"],
    ["a state that none has", { ...DAILY, state: "finished" }, "/state"],
    ["an operator", { ...DAILY, total: { $gt: 0 } }, "/total"],
    ["a note with a line break", { ...DAILY, note: "a\nb" }, "/note"],
    ["an unknown field", { ...DAILY, force: true }, "/force"],
  ])("refuses %s", async (_what, payload, path) => {
    const response = await put(payload);
    expect([response.statusCode, response.json().errors[0].path]).toEqual([400, path]);
    expect(world.events).toEqual([]);
  });

  it("needs a list, an id that can be one, and a key that may", async () => {
    expect((await put(DAILY, "daily", {}, "nobody")).json().code).toBe("waitlist-not-found");
    expect((await put(DAILY, "every%20day")).statusCode).toBe(400);
    expect((await put(DAILY, "daily", bearer(KEYS.read))).statusCode).toBe(403);
    expect((await put({ state: "paused" }, "daily/state", { authorization: "" })).statusCode).toBe(401);
    expect(world.events).toEqual([]);
  });

  it("is refused while the invite service can't say what is there", async () => {
    world.broken.invite = true;
    expect((await put(DAILY)).statusCode).toBe(503);
    expect(world.events).toEqual([]);
  });

  it("is in force where the same event stands on the log before the one that was acknowledged", async () => {
    await put(DAILY, "daily", { "idempotency-key": "once" });
    const [stored] = [...world.schedules.values()];
    if (!stored) throw new Error("nothing is stored");
    let looks = 0;
    const setSchedule = createSetSchedule({
      log: { append: async () => ({ partition: 0, offset: stored.offset + 1 }) },
      definitions: {
        get: async () => world.lists.get(LIST) ?? null,
        ...{ peek: () => null, put: () => undefined, forget: () => undefined },
      },
      // The first setting is read between the two.
      schedules: { find: async () => (looks++ === 0 ? null : stored), list: async () => [stored] },
      ...{ clock: () => 0, secret: SECRET },
      stopping: new AbortController().signal,
    });
    const change = { waitlistId: LIST, scheduleId: "daily", wanted: DAILY, key: "once", requestedBy: "boss" };
    expect((await setSchedule(change)).inForce).toBe(true);
    expect(looks).toBe(2);
  });

  it("answers with what was asked for where the invite service hasn't got so far", async () => {
    const away = async () => {
      throw new ProblemError("unavailable");
    };
    let looks = 0;
    const setSchedule = createSetSchedule({
      log: { append: async () => ({ partition: 0, offset: 9 }) },
      definitions: {
        get: async () => world.lists.get(LIST) ?? null,
        ...{ peek: () => null, put: () => undefined, forget: () => undefined },
      },
      schedules: { find: () => (looks++ === 0 ? Promise.resolve(null) : away()), list: away },
      ...{ clock: () => 0, secret: "secret" },
      stopping: new AbortController().signal,
      inForceWithinMs: 120,
    });
    const change = {
      waitlistId: LIST,
      scheduleId: "daily",
      wanted: DAILY,
      key: undefined,
      requestedBy: "boss",
    };
    expect(await setSchedule(change)).toEqual({
      inForce: false,
      schedule: {
        ...{ waitlistId: LIST, scheduleId: "daily", ...DAILY, timeZone: "Europe/Berlin" },
        ...{ state: "active", asked: 0, setAt: "1970-01-01T00:00:00.000Z", setBy: "boss" },
      },
    });
    expect(looks).toBeGreaterThan(1);
  });
});

describe("pausing, resuming and ending", () => {
  beforeEach(() => put({ ...DAILY, note: "launch" }));

  it("changes the state and nothing else", async () => {
    const states = ["paused", "active", "ended"];
    for (const state of states) {
      const response = await put({ state }, "daily/state");
      expect(response.json()).toMatchObject({ ...DAILY, note: "launch", state });
    }
    expect(world.events.map(({ data }) => "state" in data && data.state)).toEqual(["active", ...states]);
  });

  it("writes nothing where it is so already", async () => {
    expect((await put({ state: "active" }, "daily/state")).statusCode).toBe(200);
    expect(world.events).toHaveLength(1);
  });

  it("leaves an ended one ended", async () => {
    await put({ state: "ended" }, "daily/state");
    expect((await put({ state: "ended" }, "daily/state")).statusCode).toBe(200);
    for (const again of [
      await put({ state: "active" }, "daily/state"),
      await put({ ...DAILY, state: "active" }),
      await put({ ...DAILY, count: 1 }),
    ]) {
      expect([again.statusCode, again.json().code]).toEqual([409, "schedule-ended"]);
    }
    expect(world.events).toHaveLength(2);
  });

  it("lets a finished one go on with a higher total", async () => {
    const stored = world.schedules.get("daily");
    if (stored) world.schedules.set("daily", { ...stored, state: "finished", asked: 10_000 });
    expect((await get(`${LIST}/invite-schedules/daily`)).json().state).toBe("finished");
    expect((await put({ ...DAILY, total: 20_000 })).json()).toMatchObject({ state: "active", asked: 10_000 });
  });

  it("tells a missing schedule from a missing list", async () => {
    expect((await put({ state: "paused" }, "weekly/state")).json().code).toBe("schedule-not-found");
    expect((await get(`${LIST}/invite-schedules/weekly`)).json().code).toBe("schedule-not-found");
    for (const path of ["nobody/invite-schedules/daily", "nobody/invite-schedules"]) {
      expect((await get(path)).json().code).toBe("waitlist-not-found");
    }
    expect((await get(`${LIST}/invite-schedules`, KEYS.redeem)).statusCode).toBe(403);
  });
});
