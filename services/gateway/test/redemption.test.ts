import {
  attemptIdOf,
  type HeldPlace,
  type InviteState,
  inviteCodeOf,
  ProblemError,
} from "@waitlist/contracts";
import { eventually } from "@waitlist/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { redeemInvite } from "../src/acts/redeem.ts";
import { bearer, createWorld, KEYS, LIST, SECRET, type World } from "./support.ts";

const CODE = inviteCodeOf(SECRET, "i-1");
const ENTRY = "a".repeat(26);
const JOINED = "2026-03-01T09:30:00.000Z";

const open: InviteState = {
  ...{ waitlistId: LIST, entryId: ENTRY, joinOffset: 3, inviteId: "i-1", batchId: "b-1", position: 42 },
  ...{ expiresAt: "2026-03-08T08:00:00.000Z", state: "open" },
};
const closedAs = (state: InviteState["state"], attempt?: string): InviteState => ({
  ...{ ...open, state, closedOffset: 9, closedAt: "2026-03-01T09:00:00.000Z" },
  ...(attempt === undefined ? {} : { attempt }),
});
const place: HeldPlace["place"] = {
  ...{ joinOffset: 3, eventId: "e3", position: 42, status: "invited", confirmed: true, joinedAt: JOINED },
};
const answer = {
  entryId: ENTRY,
  waitlistId: LIST,
  email: "ada@example.com",
  position: 42,
  redeemedAt: JOINED,
};

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.invites.byCode.set(CODE, open);
  world.held.set(`${ENTRY}:3`, { place, person: { email: "ada@example.com" }, next: 20 });
});
afterEach(() => world.close());

const redeem = (key?: string, { code = CODE, headers = {}, ...more }: RedeemOptions = {}) =>
  world.app.inject({
    ...{ method: "POST", url: `/v1/invites/${encodeURIComponent(code)}/redemption`, ...more },
    headers: {
      ...bearer(KEYS.redeem),
      ...(key === undefined ? {} : { "idempotency-key": key }),
      ...headers,
    },
  });
interface RedeemOptions {
  code?: string;
  headers?: Record<string, string>;
  payload?: object;
}

const outcome = async (response: ReturnType<typeof redeem>) => {
  const { statusCode, ...answered } = await response;
  return [statusCode, answered.json().code];
};

describe("redeeming an invite", () => {
  it("puts the attempt on the log, with whose key it was, and answers whose place it is", async () => {
    const response = await redeem("cart-7");
    expect([response.statusCode, response.json()]).toEqual([200, answer]);
    const attempt = attemptIdOf(SECRET, { inviteId: "i-1", keyName: "shop", idempotencyKey: "cart-7" });
    expect(world.events.map(({ type, data }) => ({ type, data }))).toEqual([
      {
        type: "InviteRedeemed",
        data: {
          ...{ waitlistId: LIST, entryId: ENTRY, joinOffset: 3, inviteId: "i-1", attempt },
          redeemedBy: "shop",
        },
      },
    ]);
  });

  it("takes a code as people type it, with an empty body or none", async () => {
    const code = ` ${CODE.toLowerCase().replaceAll("-", " ")} `;
    expect((await redeem("a", { code, payload: {} })).statusCode).toBe(200);
    expect(await outcome(redeem("a", { payload: { force: true } }))).toEqual([400, "invalid-request"]);
  });

  it("answers the same attempt with 200 for ever, and any other with 409", async () => {
    expect((await redeem("cart-7")).json()).toEqual(answer);
    expect((await redeem("cart-7")).json()).toEqual(answer);
    expect(await outcome(redeem("cart-8"))).toEqual([409, "invite-redeemed"]);
    expect(await outcome(redeem())).toEqual([409, "invite-redeemed"]);
    expect(world.events).toHaveLength(1);
  });

  it("keeps nothing of it in Redis, so that a retry needs none", async () => {
    world.broken.redis = true;
    expect((await redeem("cart-7")).json()).toEqual(answer);
    expect((await redeem("cart-7")).json()).toEqual(answer);
  });

  it("gives one 200 for 50 at once", async () => {
    const all = await Promise.all(Array.from({ length: 50 }, (_, index) => outcome(redeem(`cart-${index}`))));
    expect(all.filter(([status]) => status === 200)).toHaveLength(1);
    expect(all.filter(([status, code]) => status === 409 && code === "invite-redeemed")).toHaveLength(49);
  });

  it("ignores that an invite's time is over while nothing has closed it: the log decides", async () => {
    world.invites.byCode.set(CODE, { ...open, expiresAt: "2020-01-01T00:00:00.000Z" });
    expect((await redeem("cart-7")).statusCode).toBe(200);
  });

  it.each<[InviteState["state"], number, string]>([
    ["redeemed", 409, "invite-redeemed"],
    ["expired", 410, "invite-expired"],
    ["withdrawn", 410, "invite-withdrawn"],
    ["left", 410, "invite-gone"],
  ])("is refused where the invite is %s already, and nothing is written", async (state, status, code) => {
    world.invites.byCode.set(CODE, closedAs(state, state === "redeemed" ? "another" : undefined));
    expect(await outcome(redeem("cart-7"))).toEqual([status, code]);
    expect(world.events).toEqual([]);
  });

  it.each<[InviteState["state"], number, string]>([
    ["redeemed", 409, "invite-redeemed"],
    ["expired", 410, "invite-expired"],
    ["withdrawn", 410, "invite-withdrawn"],
    ["left", 410, "invite-gone"],
  ])("is refused where the invite is %s before it on the log", async (state, status, code) => {
    world.hooks.beforeAppend = () => world.invites.byCode.set(CODE, closedAs(state, "another"));
    expect(await outcome(redeem("cart-7"))).toEqual([status, code]);
    expect(world.events).toHaveLength(1);
  });

  it.each(["7KQM-X3RD-9WTA", "0O1I", "x".repeat(300), "b-1", "💌"])("knows no code %s", async (code) => {
    expect(await outcome(redeem("cart-7", { code }))).toEqual([404, "invite-not-found"]);
  });

  it("needs a key that may redeem: an admin's may not", async () => {
    expect(await outcome(redeem("a", { headers: bearer(KEYS.admin) }))).toEqual([403, "forbidden"]);
    expect(await outcome(redeem("a", { headers: { authorization: "" } }))).toEqual([401, "unauthorized"]);
    expect(world.events).toEqual([]);
  });

  it("has no address to show where the signup was unreadable or its person is gone", async () => {
    world.held.set(`${ENTRY}:3`, { place, next: 20 });
    expect((await redeem("cart-7")).json()).toEqual({ ...answer, email: null });
  });
});

describe("nothing is pretended", () => {
  it("writes nothing while the person can't be read", async () => {
    world.held.clear();
    expect((await redeem("cart-7")).headers["retry-after"]).toBe("2");
    world.broken.storage = true;
    expect(await outcome(redeem("cart-7"))).toEqual([503, "unavailable"]);
    expect(world.events).toEqual([]);
  });

  it.each(["log", "invite"] as const)("is unavailable without the %s", async (what) => {
    world.broken[what] = true;
    const response = await redeem("cart-7");
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
    world.broken[what] = false;
    expect((await redeem("cart-7")).json()).toEqual(answer);
  });

  it("waits while the invite service is away", async () => {
    world.hooks.beforeAppend = () => {
      world.broken.invite = true;
    };
    const pending = redeem("cart-7");
    await eventually(() => expect(world.events).toHaveLength(1));
    world.broken.invite = false;
    expect((await pending).json()).toEqual(answer);
  });

  it("answers a stop by asking for the same key again", async () => {
    world.broken.stores = false;
    const pending = redeem("cart-7");
    await eventually(() => expect(world.events).toHaveLength(1));
    await world.close();
    const response = await pending;
    expect([response.statusCode, response.headers["retry-after"]]).toEqual([503, "2"]);
    expect(response.json().detail).toContain("same Idempotency-Key");
  });

  it("gives up after a while, whatever the invite service does", async () => {
    const deps = {
      log: { append: async () => ({ partition: 0, offset: 0 }) },
      storage: { held: async () => ({ place, next: 20 }) },
      ...{ clock: Date.now, secret: SECRET, stopping: new AbortController().signal, patienceMs: 60 },
    };
    const away = new ProblemError("unavailable");
    let asked = 0;
    const find = async () => {
      asked += 1;
      if (asked % 2 === 0) throw away;
      return open;
    };
    const redeemed = redeemInvite({ ...deps, invites: { find } }, { code: CODE, by: "shop", key: "a" });
    await expect(redeemed).rejects.toMatchObject({ code: "unavailable", retryAfter: 2 });
    expect(asked).toBeGreaterThan(2);
  });
});
