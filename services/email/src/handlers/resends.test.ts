// Mails that an admin wants sent again: what a record of it does, however often it is read.
import type { RosterRecord } from "@waitlist/roster";
import { describe, expect, test, vi } from "vitest";
import {
  A,
  allocated,
  B,
  batchOf,
  createMemoryEntries,
  erased,
  joined,
  left,
  projectionOver,
  redeemed,
  resendRequested,
  undeliverable,
} from "../../test/support/happenings.ts";
import { createMemoryLedger, type Weakness } from "../../test/support/memory-ledger.ts";
import type { MailState } from "../domain/mail.ts";
import { createHistoryHandler } from "./history.ts";
import { createResendMails } from "./resend-mails.ts";

const WELCOME = `welcome:${A}:0`;
const OTHER = `welcome:${B}:1`;
const byName = (offset: number, resendId?: string) =>
  resendRequested(offset, { mailIds: [WELCOME] }, resendId);
const failed = (offset: number) => resendRequested(offset, { selection: { status: "failed" } });

/** Two people on the list, their welcomes in this state. */
async function start(state: MailState = "failed", weakness: Weakness = {}) {
  const ledger = createMemoryLedger(() => 7, weakness);
  const entries = createMemoryEntries();
  const count = vi.fn();
  const offer = vi.fn();
  const handler = createHistoryHandler({
    definitions: { keep: async () => undefined, all: async () => [], inForce: async () => null },
    projection: projectionOver(entries),
    sender: { offer },
    resendMails: createResendMails({ ledger, recipients: entries.load, metrics: { count } }),
    clock: () => 0,
    ...{ ledger, metrics: { count } },
  });
  const apply = (...records: RosterRecord[]) => handler.apply(batchOf(records));
  const become = (id: string, to: MailState) => void Object.assign(ledger.rows.get(id) ?? {}, { state: to });
  await apply(joined(0), joined(1, B));
  become(WELCOME, state);
  become(OTHER, state);
  offer.mockClear();
  return { ledger, apply, become, count, offer, stateOf: (id = WELCOME) => ledger.rows.get(id)?.state };
}

describe("a mail that is asked for by name", () => {
  test.for([
    ["failed", "queued"],
    ["ambiguous", "queued"],
    ["sent", "sent"],
    ["sending", "sending"],
    ["suppressed", "suppressed"],
  ] as const)("and is %s is %s after it", async ([before, after]) => {
    const { apply, stateOf } = await start(before);
    await apply(byName(2));
    expect(stateOf()).toBe(after);
    expect(stateOf(OTHER)).toBe(before);
  });

  test("is offered to the sender at once, counted, and keeps who asked", async () => {
    const { apply, ledger, offer, count } = await start();
    await apply(byName(2));
    expect(offer.mock.lastCall).toEqual([[WELCOME]]);
    expect(count.mock.lastCall).toEqual(["welcome", "resent", 1]);
    expect(ledger.rows.get(WELCOME)).toMatchObject({
      ...{ attempts: 0, notBefore: 7 },
      resent: { offset: 2, resendId: "m-2", at: 2000, by: "ada", byName: true },
    });
  });

  test("is sent again though it is not readable who asked", async () => {
    const { apply, ledger } = await start();
    await apply({ ...byName(2), unreadable: "requestedBy: not text" });
    expect(ledger.rows.get(WELCOME)).toMatchObject({ state: "queued", resent: { by: "" } });
  });

  test.for([left(2, 0), erased(2, 0)])("goes to nobody who has gone ($event.type)", async (gone) => {
    const { apply, stateOf } = await start();
    await apply(gone, byName(3));
    expect(stateOf()).toBe("failed");
    // Nor where that stands after the request, in the same stretch.
    const other = await start();
    await other.apply(byName(2), { ...gone, offset: 3 });
    expect(other.stateOf()).toBe("failed");
  });

  test("is not about an invite that is closed", async () => {
    const { apply, become, stateOf } = await start();
    await apply(allocated(2, 0));
    become("invite:i-1", "failed");
    const request = resendRequested(4, { mailIds: ["invite:i-1"] });
    await apply(redeemed(3, 0), request);
    expect(stateOf("invite:i-1")).toBe("failed");
  });

  test("goes to an address that takes none, and others to it don't", async () => {
    const { apply, stateOf } = await start();
    await apply(undeliverable(2, 0), failed(3));
    expect([stateOf(), stateOf(OTHER)]).toEqual(["failed", "queued"]);
    await apply(byName(4));
    expect(stateOf()).toBe("queued");
  });

  test("of another list is not there", async () => {
    const { apply, stateOf } = await start();
    const elsewhere = byName(2);
    Object.assign(elsewhere.event.data, { waitlistId: "second" });
    await apply(elsewhere);
    expect(stateOf()).toBe("failed");
  });
});

test("all that failed are queued again, or those of one kind", async () => {
  const { apply, become, stateOf } = await start();
  await apply(allocated(2, 0));
  become("invite:i-1", "failed");
  await apply(resendRequested(3, { selection: { status: "failed", kind: "invite" } }));
  expect([stateOf(), stateOf(OTHER), stateOf("invite:i-1")]).toEqual(["failed", "failed", "queued"]);
  await apply(failed(4));
  expect([stateOf(), stateOf(OTHER)]).toEqual(["queued", "queued"]);
});

test("a request that asks for nothing does nothing", async () => {
  const { apply, stateOf } = await start();
  await apply(resendRequested(2, {}));
  expect(stateOf()).toBe("failed");
});

describe("what was sent again is not sent once more", () => {
  /** Asked for, sent again without success, and everything read again: by a replay, a former owner or a repetition. */
  async function readAgain(records: RosterRecord[], weakness: Weakness = {}) {
    const { apply, become, stateOf } = await start("failed", weakness);
    await apply(byName(2));
    become(WELCOME, "failed");
    await apply(...records);
    return stateOf();
  }

  test.for([
    ["by a replay", byName(2)],
    ["by a request that stands before it", byName(1, "m-1")],
    ["by the same request, written twice", byName(3, "m-2")],
    ["by a replay of all that failed", resendRequested(2, { selection: { status: "failed" } }, "m-2")],
  ] as const)("%s", async ([_what, record]) => {
    expect(await readAgain([record])).toBe("failed");
  });

  test("but by another request it is", async () => {
    expect(await readAgain([byName(3)])).toBe("queued");
  });

  test("without the guard of offsets and ids, it would be", async () => {
    expect(await readAgain([byName(2)], { resendsAtEachReading: true })).toBe("queued");
  });

  test("without the guard of states, what was sent would be", async () => {
    const { apply, stateOf } = await start("sent", { resendsAnything: true });
    await apply(byName(2));
    expect(stateOf()).toBe("queued");
  });
});
