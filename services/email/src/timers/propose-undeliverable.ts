// Proposes to the log which addresses take no mail. What was proposed twice, by a crash or by two instances, counts once.
import { undeliverableFact } from "../domain/undeliverable.ts";
import type { Proposals, Undeliverables } from "../ports.ts";

/** Facts that are proposed together. */
const AT_ONCE = 200;
/** How often the ledger is looked at without a hint, in milliseconds: what a sender that died had noted is found then. */
const LOOK_EVERY_MS = 60_000;

/** Says that there is something to propose; whoever asks takes the hint. */
export interface Hint {
  give(): void;
  take(): boolean;
}

export function createHint(): Hint {
  let isGiven = false;
  return {
    give: () => {
      isGiven = true;
    },
    take: () => {
      const was = isGiven;
      isGiven = false;
      return was;
    },
  };
}

/**
 * One turn of the timer: looks where there is a hint, at the first turn, and now and then. Throws on an outage of the
 * database or the log; the next turn looks again then.
 */
export function createProposeUndeliverable(deps: {
  ledger: Pick<Undeliverables, "unproposed" | "proposed">;
  proposals: Proposals;
  hint: Hint;
  /** In milliseconds; it moves only the moment of a look. */
  clock: () => number;
}): (stop: AbortSignal) => Promise<void> {
  const { ledger, proposals, hint, clock } = deps;
  let lookAt = Number.NEGATIVE_INFINITY;

  async function proposeSome(): Promise<boolean> {
    const mails = await ledger.unproposed(AT_ONCE);
    if (mails.length === 0) return false;
    await proposals.propose(mails.map((mail) => undeliverableFact(mail, mail.undeliverable)));
    await ledger.proposed(mails.map(({ id }) => id));
    return mails.length === AT_ONCE;
  }

  return async (stop) => {
    if (!hint.take() && clock() < lookAt) return;
    // Until this has gone through, whatever comes in between.
    lookAt = Number.NEGATIVE_INFINITY;
    let isMore = true;
    while (isMore && !stop.aborted) isMore = await proposeSome();
    lookAt = clock() + LOOK_EVERY_MS;
  };
}
