// Tells a mail server's outage from a mail's own trouble: during an outage the sender waits, and no mail is to blame.
import type { Logger } from "@waitlist/runtime";
import type { MailTransport } from "../ports.ts";
import { type Patience, waitAfterFailure } from "./patience.ts";

export interface ServerWatch {
  /** Resolves when the server is not known to be away, or at the stop. */
  available(): Promise<void>;
  /** Something went wrong with a connection: asks the server. True: it is there. */
  confirm(): Promise<boolean>;
  /** As last known; before the first mail, true. */
  isUp(): boolean;
}

export function createServerWatch(deps: {
  transport: Pick<MailTransport, "check">;
  patience: Patience;
  log: Pick<Logger, "info" | "warn">;
  stop: AbortSignal;
}): ServerWatch {
  const { transport, patience, log, stop } = deps;
  let asking: Promise<boolean> | null = null;
  let outage: Promise<void> | null = null;

  /** One question at a time, however many mails failed at once. */
  function ask(): Promise<boolean> {
    asking ??= transport.check().finally(() => {
      asking = null;
    });
    return asking;
  }

  async function sitOut(): Promise<void> {
    log.warn("the mail server is away; mails wait in the ledger");
    for (let failures = 1; !stop.aborted; failures++) {
      await waitAfterFailure(failures, patience, stop);
      if (!stop.aborted && (await ask())) {
        log.info("the mail server is back");
        return;
      }
    }
  }

  return {
    available: () => outage ?? Promise.resolve(),
    confirm: async () => {
      if (outage) return false;
      if (await ask()) return true;
      outage ??= sitOut().finally(() => {
        outage = null;
      });
      return false;
    },
    isUp: () => outage === null,
  };
}
