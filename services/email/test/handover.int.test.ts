// Senders side by side, one after the other, and ended in between: no mail twice, none lost.
import { eventually } from "@waitlist/testing";
import { expect, test } from "vitest";
import { joins, person } from "./support/people.ts";
import { createService } from "./support/service.ts";
import { addressees, counted, countsOf, setStage } from "./support/stage.ts";

const { db, startServer, startService } = setStage("email-handover");

test("several senders share the work, and no mail goes out twice", async () => {
  const server = await startServer();
  const sentBy = [0, 0, 0];
  const all = await Promise.all(
    sentBy.map((_none, index) =>
      startService(server.url, {
        // Long enough for a busy machine to load what draws the first mails: claims that run out wait for the next look.
        leaseMs: 20_000,
        wrap: (transport) => ({
          ...transport,
          send: async (letter, begin) => {
            const delivery = await transport.send(letter, begin);
            // One whose claim ran out is withheld here, and sent by another.
            if (delivery.kind === "accepted") sentBy[index] = (sentBy[index] ?? 0) + 1;
            return delivery;
          },
        }),
      }),
    ),
  );
  const [first] = all;
  await first?.apply(joins(300));
  for (const { sender, ledger } of all) sender.offer(await ledger.due(1000));
  if (first) await counted(first, { "welcome sent": 300 });
  expect(new Set(addressees(server)).size).toBe(300);
  expect(server.inbox).toHaveLength(300);
  for (const sent of sentBy) expect(sent).toBeGreaterThan(0);
  expect(sentBy.reduce((sum, sent) => sum + sent)).toBe(300);
});

test("a sender that died leaves its claimed mails to the next, and what it was sending is ambiguous", async () => {
  const server = await startServer();
  const dead = await createService(db, server.url);
  await dead.apply(joins(3));
  const [first, second] = await dead.ledger.claim(
    ["0", "1"].map((n) => `welcome:${person(Number(n))}:${n}`),
    "dead",
    100,
  );
  if (!first || !second) throw new Error("nothing to claim");
  await dead.ledger.begin(second, 100);
  const service = await startService(server.url, { leaseMs: 200 });
  await counted(service, { "welcome sent": 2, "welcome ambiguous": 1 });
  expect(addressees(server)).toEqual(["p0@example.com", "p2@example.com"]);
});

test("a stop lets what is on its way arrive, and gives the rest back at once", async () => {
  const goOn = Promise.withResolvers<void>();
  const server = await startServer({ atRcpt: () => goOn.promise });
  const service = await startService(server.url);
  await service.apply(joins(30));
  await eventually(() => expect(server.tries.size).toBe(4));
  const stopped = service.sender.stop();
  goOn.resolve();
  await stopped;
  expect(await countsOf(service)).toEqual({ "welcome sent": 4, "welcome queued": 26 });
  const next = await startService(server.url);
  await counted(next, { "welcome sent": 30 });
  expect(new Set(addressees(server)).size).toBe(30);
  expect(server.inbox).toHaveLength(30);
});
