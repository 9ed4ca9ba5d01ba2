// What becomes of mails once the log says that an address takes none.
import type { RosterRecord } from "@waitlist/roster";
import { describe, expect, test } from "vitest";
import {
  A,
  allocated,
  batchOf,
  createMemoryEntries,
  joined,
  left,
  projectionOver,
  resendRequested,
  undeliverable,
} from "../../test/support/happenings.ts";
import { createMemoryLedger, type Weakness } from "../../test/support/memory-ledger.ts";
import { createHistoryHandler } from "./history.ts";
import { createResendMails } from "./resend-mails.ts";

const WELCOME = `welcome:${A}:0`;

function start(weakness: Weakness = {}) {
  const ledger = createMemoryLedger(() => 0, weakness);
  const entries = createMemoryEntries();
  const metrics = { count: () => undefined };
  const handler = createHistoryHandler({
    definitions: { keep: async () => undefined, all: async () => [], inForce: async () => null },
    projection: projectionOver(entries),
    sender: { offer: () => undefined },
    resendMails: createResendMails({ ledger, recipients: entries.load, metrics }),
    clock: () => 0,
    ...{ ledger, metrics },
  });
  return {
    ledger,
    apply: (...records: RosterRecord[]) => handler.apply(batchOf(records)),
    states: () => Object.fromEntries([...ledger.rows.values()].map(({ id, state }) => [id, state])),
  };
}

describe("once an address takes no mail", () => {
  test("what waits for its place is suppressed, with the reason and what it would need", async () => {
    const { ledger, apply, states } = start();
    await apply(joined(0), allocated(1, 0));
    await apply(undeliverable(2, 0));
    expect(states()).toEqual({ [WELCOME]: "suppressed", "invite:i-1": "suppressed" });
    expect(ledger.rows.get("invite:i-1")).toMatchObject({
      failure: { cause: "UNDELIVERABLE" },
      invite: { code: "ABCD-EFGH-2345" },
    });
  });

  test("a replay and a repetition say the same, and what was sent stays sent", async () => {
    const { ledger, apply, states } = start();
    await apply(joined(0));
    const row = ledger.rows.get(WELCOME);
    if (!row) throw new Error("nothing is queued");
    row.state = "sent";
    await apply(allocated(1, 0));
    for (let reading = 0; reading < 2; reading++) await apply(undeliverable(2, 0), undeliverable(3, 0));
    expect(states()).toEqual({ [WELCOME]: "sent", "invite:i-1": "suppressed" });
  });

  test("mails of the next place are not touched, by a late report neither", async () => {
    const { apply, states } = start();
    await apply(joined(0), left(1, 0), joined(2));
    await apply(undeliverable(3, 0));
    expect(states()).toEqual({ [`welcome:${A}:2`]: "queued" });
  });

  describe("a mail that an admin has asked for since", () => {
    const askedFor = async (weakness: Weakness = {}) => {
      const { apply, states } = start(weakness);
      const history = [undeliverable(1, 0), resendRequested(2, { mailIds: [WELCOME] })];
      await apply(joined(0));
      await apply(...history);
      await apply(...history);
      return states();
    };

    test("is not taken back by a replay", async () => {
      expect(await askedFor()).toEqual({ [WELCOME]: "queued" });
    });

    test("would be, without the guard", async () => {
      expect(await askedFor({ takesBackResent: true })).toEqual({ [WELCOME]: "suppressed" });
    });
  });
});
