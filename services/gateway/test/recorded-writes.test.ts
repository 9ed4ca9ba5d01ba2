// Each admin write is recorded with the name of its key; one that is new in the document is missed here until it has a row.
import { createEvent, type MailView } from "@waitlist/contracts";
import { afterEach, beforeEach, expect, it } from "vitest";
import { examples } from "../src/routes/examples.ts";
import { bytesOf } from "./dead-letters-in-memory.ts";
import { batch, CODE, invite } from "./invite-samples.ts";
import { placeAt } from "./person.ts";
import { bearer, createWorld, definitionWith, KEYS, LIST, type World } from "./support.ts";

const mail = examples.mail as MailView;
const ENTRY = "a".repeat(26);
const place = placeAt(3, { status: "invited" });
const join = createEvent(
  "WaitlistJoined",
  { waitlistId: LIST, entryId: ENTRY, email: "ada@example.com", needsConfirmation: false },
  { source: "/test", at: 0, id: "e-ada" },
);
const DAILY = { count: 2, cron: "0 9 * * *" };

let world: World;
let lines: string[];
beforeEach(async () => {
  lines = [];
  world = await createWorld({ onLog: (line) => void lines.push(line) });
  world.list(LIST, definitionWith());
  world.mails.set(mail.mailId, mail);
  world.batches.set("b-1", batch);
  world.invites.byCode.set(CODE, invite);
  world.held.set(`${ENTRY}:3`, { place, person: { email: "ada@example.com" }, next: 20 });
  world.deadLetters.setAside({ offset: 9, value: bytesOf(join) });
});
afterEach(() => world.close());

/** The field of the last event that names who asked. */
const onTheLog = (field: string) => (of: World) => Reflect.get(of.events.at(-1)?.data ?? {}, field);
const requestedBy = onTheLog("requestedBy");
const putBackBy = (of: World) => of.deadLetters.back.at(-1)?.by;

interface Row {
  scope: "admin" | "ops" | "redeem";
  body?: object | Buffer;
  /** A call of the same scope that has to come first. */
  after?: { method: "PUT"; path: string; body: object };
  recorded: (of: World) => unknown;
}

const SCHEDULE = `/v1/waitlists/${LIST}/invite-schedules/daily`;
const ROWS: Record<string, Row> = {
  "put /v1/waitlists/{waitlistId}": {
    ...{ scope: "admin", body: { name: "Socialode" }, recorded: onTheLog("definedBy") },
  },
  "post /v1/waitlists/{waitlistId}/invite-batches": {
    ...{ scope: "admin", body: { count: 2 }, recorded: requestedBy },
  },
  "put /v1/waitlists/{waitlistId}/invite-schedules/{scheduleId}": {
    ...{ scope: "admin", body: DAILY, recorded: requestedBy },
  },
  "put /v1/waitlists/{waitlistId}/invite-schedules/{scheduleId}/state": {
    ...{ scope: "admin", body: { state: "paused" }, after: { method: "PUT", path: SCHEDULE, body: DAILY } },
    recorded: requestedBy,
  },
  "post /v1/invites/{code}/redemption": { scope: "redeem", recorded: onTheLog("redeemedBy") },
  "post /v1/invites/{code}/withdrawal": { scope: "admin", recorded: requestedBy },
  "post /v1/waitlists/{waitlistId}/invite-batches/{batchId}/withdrawal": {
    ...{ scope: "admin", recorded: requestedBy },
  },
  "post /v1/waitlists/{waitlistId}/mails/{kind}/test": {
    ...{ scope: "admin", body: { to: "ada@example.com" } },
    // In the log alone: such a mail stands in no record.
    recorded: () => lines.map((line) => JSON.parse(line)).find(({ by }) => by !== undefined)?.by,
  },
  "post /v1/waitlists/{waitlistId}/mails/{mailId}/resend": { scope: "admin", recorded: requestedBy },
  "post /v1/waitlists/{waitlistId}/mails/resend": {
    ...{ scope: "admin", body: { status: "failed" }, recorded: requestedBy },
  },
  "post /v1/mail/delivery-reports": {
    ...{ scope: "ops", body: Buffer.from("x"), recorded: (of) => of.reporters.at(-1) },
  },
  "post /v1/ops/redrive": { scope: "ops", recorded: putBackBy },
  "post /v1/ops/dead-letters/{deadLetterId}/redrive": { scope: "ops", recorded: putBackBy },
  "post /v1/ops/dead-letters/{deadLetterId}/discard": {
    ...{ scope: "ops", body: { reason: "a test" } },
    recorded: async (of) => (await of.deadLetters.all())[0]?.decided?.by,
  },
};

const VALUES: Record<string, string> = {
  ...{ waitlistId: LIST, scheduleId: "daily", batchId: "b-1", code: CODE, kind: "welcome" },
  ...{ mailId: mail.mailId, deadLetterId: "email.4.9" },
};
const urlOf = (path: string) => path.replace(/\{(\w+)\}/g, (_all, name: string) => VALUES[name] ?? name);
const NAMES = { admin: "boss", ops: "mta", redeem: "shop" };

interface Operations {
  paths: Record<string, Record<string, { security?: object[] }>>;
}

it("every write of an admin key in the document has a row here", async () => {
  const { paths } = (await world.app.inject("/openapi.json")).json<Operations>();
  const writes = Object.entries(paths).flatMap(([path, calls]) =>
    Object.entries(calls)
      .filter(([method, { security = [] }]) => method !== "get" && security.some((by) => "adminKey" in by))
      .map(([method]) => `${method} ${path}`),
  );
  expect(writes.sort()).toEqual(Object.keys(ROWS).sort());
});

it.each(Object.entries(ROWS))("%s is recorded with the name of its key", async (name, row) => {
  const { scope, body, after, recorded } = row;
  const headers = bearer(KEYS[scope]);
  if (after) await world.app.inject({ method: after.method, url: after.path, payload: after.body, headers });
  const [method = "", path = ""] = name.split(" ");
  const isReport = body instanceof Uint8Array;
  const answer = await world.app.inject({
    ...{ method: method === "put" ? "PUT" : "POST", url: urlOf(path) },
    headers: { ...headers, ...(isReport ? { "content-type": "message/rfc822" } : {}) },
    ...(body === undefined ? {} : { payload: body }),
  });
  expect([answer.statusCode, answer.body]).toEqual([
    expect.toSatisfy((code) => code >= 200 && code < 300),
    answer.body,
  ]);
  expect(await recorded(world)).toBe(NAMES[scope]);
  // Whoever it is about stands in no line of the log.
  expect(lines.join("\n")).not.toContain("ada@example.com");
});
