// Sends what the ledger holds: as many mails at a time as there are connections, beside the consumer of the log.
import type { Logger, Registry } from "@waitlist/runtime";
import type { Letter } from "../domain/letters/letter.ts";
import type { Mail } from "../domain/mail.ts";
import type { RecipientEntry } from "../domain/recipient.ts";
import type { RetryRules } from "../domain/verdict.ts";
import type { MailLedger, MailTransport } from "../ports.ts";
import { createCourier } from "./deliver.ts";
import { createIdQueue } from "./id-queue.ts";
import { createIntake } from "./intake.ts";
import { keepLeases } from "./lease-keeper.ts";
import { type MailMetrics, watchQueue } from "./metrics.ts";
import { createServerWatch } from "./server-watch.ts";

export interface SenderOptions {
  ledger: MailLedger;
  transport: MailTransport;
  recipients: (entryIds: string[]) => Promise<Map<string, RecipientEntry>>;
  compose: (mail: Mail, address: string) => Promise<Letter>;
  connections: number;
  /** How long a claim holds, in milliseconds. */
  leaseMs: number;
  rules: RetryRules;
  clock: () => number;
  log: Logger;
  metrics: MailMetrics;
  registry: Registry;
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
/** Claims for each connection: enough to keep it busy, few to strand. */
const CLAIMS_PER_CONNECTION = { min: 4, max: 32 };
/** An answer to a message may take longer than a claim: a live sender's mails must not look abandoned. */
const SENDING_LEASES = 4;
const PATIENCE = { firstMs: 100, maxMs: 5000 };
/** How long the stop waits for answers before it drops the connections; within the lifecycle's 8 s. */
const FINISH_WITHIN_MS = 5000;

export function createSender(options: SenderOptions): Sender {
  const { ledger, transport, clock, log } = options;
  const stopping = new AbortController();
  const stop = stopping.signal;
  const queue = createIdQueue({ limit: QUEUE_LIMIT, find: ledger.due });
  const watch = createServerWatch({ transport, patience: PATIENCE, log, stop });
  watchQueue(options.registry, { waiting: queue.size, serverIsUp: watch.isUp });
  const intake = createIntake({
    ...options,
    queue,
    batch: {
      min: options.connections * CLAIMS_PER_CONNECTION.min,
      max: options.connections * CLAIMS_PER_CONNECTION.max,
    },
    patience: PATIENCE,
    stop,
  });
  const delivering = {
    ...options,
    watch,
    sendingLeaseMs: options.leaseMs * SENDING_LEASES,
    onRetry: queue.offerLater,
    patience: PATIENCE,
    random: Math.random,
    stop,
  };
  let running: Promise<unknown> = Promise.resolve();

  /** One connection's worth of work: a mail after the other, until the stop. */
  async function work(): Promise<void> {
    const courier = createCourier(delivering);
    for (;;) {
      await watch.available();
      const assignment = await intake.take();
      if (!assignment) return courier.rest();
      await courier.deliver(assignment);
    }
  }

  async function giveBack(): Promise<void> {
    const notBefore = clock();
    await Promise.all(
      intake.leftOver().map((mail) => {
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
