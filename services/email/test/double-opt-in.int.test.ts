// A list with double opt-in, through the whole service: history in, mails in a real mailbox out.
import type { EntryRecord } from "@waitlist/roster";
import { eventually } from "@waitlist/testing";
import { describe, expect, test } from "vitest";
import { at, confirmed, erased, joined } from "./support/happenings.ts";
import { person } from "./support/people.ts";
import { createService, PUBLIC_URL, tokens } from "./support/service.ts";
import { counted, countsOf, setStage } from "./support/stage.ts";

const { db, startServer, startService } = setStage("email-double-opt-in");
const ADA = person(0);
const HOUR = 60 * 60 * 1000;
const now = Date.now();

const join = (offset: number, timestamp: number, email = "ada@example.com") =>
  at(timestamp, joined(offset, ADA, { email, needsConfirmation: true }));

const subjects = ({ inbox }: { inbox: { source: string }[] }) =>
  inbox.map(({ source }) => /^Subject: (.*)$/m.exec(source)?.[1]?.trim());

/** The addresses in a mail's text, as a person or a scanner sees them. */
const linksIn = (source: string) => source.replaceAll("=\r\n", "").replaceAll("=3D", "=");

test("signing up twice, confirming, signing up again: confirmation, notice and welcome once each", async () => {
  const server = await startServer();
  const service = await startService(server.url);
  await service.apply([join(0, now - 100), join(1, now - 90, "Ada+again@example.com"), join(2, now - 80)]);
  await counted(service, { "confirmation sent": 1, "already sent": 1 });
  // A replay of the same batch, as after a crash, sends nothing.
  await service.apply([join(0, now - 100), join(1, now - 90, "Ada+again@example.com"), join(2, now - 80)]);

  await service.apply([at(now - 70, confirmed(3, 0, ADA))]);
  await counted(service, { "confirmation sent": 1, "already sent": 1, "welcome sent": 1 });
  await service.apply([join(4, now - 60)]);
  await service.apply([join(5, now - 80 + HOUR)]);
  await service.apply([join(6, now - 70 + HOUR)]);
  await counted(service, { "confirmation sent": 1, "already sent": 2, "welcome sent": 1 });

  expect(new Set(server.inbox.map(({ to }) => to))).toEqual(new Set(["ada@example.com"]));
  expect(subjects(server).toSorted()).toEqual([
    "Please confirm your place on the first waitlist",
    "You're already on the first waitlist",
    "You're number 1 on the first waitlist",
    "Your place on the first waitlist still needs your confirmation",
  ]);
});

test("the mail that asks for a confirmation carries the means to confirm and to leave, and nothing else", async () => {
  const server = await startServer();
  const service = await startService(server.url);
  await service.apply([join(0, now)]);
  await counted(service, { "confirmation sent": 1 });
  const text = linksIn(server.inbox[0]?.source ?? "");
  const [, token = ""] = /confirm\?token=([\w.-]+)/.exec(text) ?? [];
  const place = { waitlistId: "first", entryId: ADA, joinOffset: 0 };
  expect(tokens.verify(token, "confirmation")).toMatchObject(place);
  expect(tokens.verify(token, "status")).toBeNull();
  expect(text).not.toContain("/v1/entries/");
  const [, oneClick = ""] = /^List-Unsubscribe: <(.*)>\r$/m.exec(text) ?? [];
  expect(oneClick.startsWith(`${PUBLIC_URL}/v1/unsubscribe/`)).toBe(true);
  expect(tokens.verify(oneClick.split("/").at(-1) ?? "", "unsubscribe")).toMatchObject(place);
});

test("a confirmation that still waits is not sent once the place is confirmed; the welcome is", async () => {
  const gone = await startServer();
  await gone.stop();
  const service = await startService(gone.url);
  await service.apply([join(0, now), join(1, now)]);
  await eventually(() => expect(service.sender.serverIsUp()).toBe(false));
  await service.apply([at(now, confirmed(2, 0, ADA))]);
  const back = await startServer({ port: Number(new URL(gone.url).port) });
  await counted(service, { "confirmation suppressed": 1, "already suppressed": 1, "welcome sent": 1 });
  expect(subjects(back)).toEqual(["You're number 1 on the first waitlist"]);
});

describe("nothing is sent yet", () => {
  /** Queues what the batches ask for; its sender is never started. */
  const queueAll = async (clock: () => number, ...batches: EntryRecord[][]) => {
    const service = await createService(db, "smtp://127.0.0.1:1", { clock });
    for (const records of batches) await service.apply(records);
    return service;
  };

  test("of the notices that an outage held back, the newest is sent and no other", async () => {
    const ada = (offset: number, timestamp: number) =>
      at(timestamp, joined(offset, ADA, { email: "ada@example.com" }));
    const hourly = [[ada(0, now), ada(1, now)], [ada(2, now + HOUR)], [ada(3, now + 2 * HOUR)]];
    const before = await queueAll(() => now, ...hourly);
    expect(await countsOf(before)).toEqual({ "welcome queued": 1, "already queued": 3 });
    const server = await startServer();
    const service = await startService(server.url);
    await counted(service, { "welcome sent": 1, "already sent": 1, "already suppressed": 2 });
    expect(subjects(server).toSorted()).toEqual([
      "You're already on the first waitlist",
      "You're number 1 on the first waitlist",
    ]);
  });

  test("yesterday's repeats, caught up on, are not answered; today's are", async () => {
    const yesterday = now - 24 * HOUR;
    const caughtUp = await queueAll(() => now, [join(0, yesterday), join(1, yesterday)]);
    expect(await countsOf(caughtUp)).toEqual({ "confirmation queued": 1 });
    await caughtUp.apply([join(2, now)]);
    expect(await countsOf(caughtUp)).toEqual({ "confirmation queued": 1, "already queued": 1 });
  });

  test("an erasure takes back what waits, and keeps no address", async () => {
    const service = await queueAll(() => now, [join(0, now), join(1, now)], [at(now, erased(2, 0, ADA))]);
    expect(await countsOf(service)).toEqual({ "confirmation suppressed": 1, "already suppressed": 1 });
    expect(JSON.stringify(await db.collection("recipients").find().toArray())).not.toContain("@");
  });
});
