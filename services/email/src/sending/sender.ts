// Sends what the ledger holds: as many mails at a time as there are connections, beside the consumer of the log.
import type { Logger, Registry } from "@waitlist/runtime";
import type { RecipientEntry } from "../domain/recipient.ts";
import type { RetryRules } from "../domain/verdict.ts";
import type { MailLedger, MailTransport } from "../ports.ts";
import { createCourier } from "./deliver.ts";
import { createIdQueue } from "./id-queue.ts";
import { createIntake } from "./intake.ts";
import { keepLeases } from "./lease-keeper.ts";
import type { Compose } from "./letter-writer.ts";
import { type MailMetrics, watchQueue } from "./metrics.ts";
import { claimsAtOnce, createPace } from "./pace.ts";
import type { Patience } from "./patience.ts";
import { createServerWatch } from "./server-watch.ts";

export interface SenderOptions {
  ledger: MailLedger;
  transport: MailTransport;
  recipients: (entryIds: string[]) => Promise<Map<string, RecipientEntry>>;
  compose: Compose;
  connections: number;
  /** The provider's limit; null or absent: none. Waits before a mail is claimed, never after. */
  perSecond?: number | null;
  /** How long a claim holds, in milliseconds. */
  leaseMs: number;
  rules: RetryRules;
  /** It is recorded that an address takes no mail. */
  onUndeliverable: () => void;
  clock: () => number;
  log: Logger;
  metrics: MailMetrics;
  registry: Registry;
  /** How long it waits for a server or a database that is away; in milliseconds. */
  patience?: Patience;
}

export interface Sender {
  start(): void;
  /** Mails were queued. */
  offer(ids: string[]): void;
  /** Whether the mail server is there, as last known. */
  serverIsUp(): boolean;
  /** Takes up no more, lets what is on its way finish, gives the rest back. */
  stop(): Promise<void>;
}

/** Ids kept in memory; the rest waits in the ledger. */
const QUEUE_LIMIT = 5000;
/** An answer to a message may take longer than a claim: a live sender's mails must not look abandoned. */
const SENDING_LEASES = 4;
const PATIENCE = { firstMs: 100, maxMs: 5000 };
/** How long the stop waits for answers before it drops the connections; within the lifecycle's 8 s. */
const FINISH_WITHIN_MS = 5000;

export function createSender(options: SenderOptions): Sender {
  const { ledger, transport, clock, log, perSecond = null, patience = PATIENCE } = options;
  const stopping = new AbortController();
  const stop = stopping.signal;
  const queue = createIdQueue({ limit: QUEUE_LIMIT, find: ledger.due });
  const watch = createServerWatch({ transport, patience, log, stop });
  watchQueue(options.registry, { waiting: queue.size, serverIsUp: watch.isUp });
  const intake = createIntake({
    ...options,
    queue,
    batch: claimsAtOnce({ ...options, perSecond }),
    ahead: perSecond === null,
    patience,
    stop,
  });
  const pace = createPace(perSecond, clock, stop);
  const delivering = {
    ...options,
    watch,
    sendingLeaseMs: options.leaseMs * SENDING_LEASES,
    onRetry: queue.offerLater,
    patience,
    random: Math.random,
    stop,
  };
  let running: Promise<unknown> = Promise.resolve();

  /** One connection's worth of work: a mail after the other, until the stop. */
  async function work(): Promise<void> {
    const courier = createCourier(delivering);
    for (;;) {
      await watch.available();
      const assignment = await pace.next(intake.take);
      if (!assignment) return courier.rest();
      await courier.deliver(assignment);
    }
  }

  async function giveBack(): Promise<void> {
    const notBefore = clock();
    await Promise.all(
      (await intake.leftOver()).map((mail) => {
        const settlement = { state: "queued" as const, attempts: mail.attempts, notBefore };
        return ledger.settle({ mail, settlement });
      }),
    );
  }

  return {
    start: () => {
      const workers = Array.from({ length: options.connections }, work);
      running = Promise.all([...workers, keepLeases({ ...options, queue, stop })]);
    },
    offer: queue.offer,
    serverIsUp: watch.isUp,
    stop: async () => {
      stopping.abort();
      queue.close();
      const drop = setTimeout(() => transport.close(), FINISH_WITHIN_MS);
      try {
        await running.finally(() => clearTimeout(drop));
        await giveBack();
      } finally {
        transport.close();
      }
    },
  };
}
