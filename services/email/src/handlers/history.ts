// What the email service does with each stretch of history: recipients, then the ledger; the cursor follows.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryHandler } from "@waitlist/kafka";
import type { Applied, Definitions, Projection } from "@waitlist/roster";
import { kindOf, type Mail } from "../domain/mail.ts";
import { type Happening, type MailPlan, merge, NOTHING, type PlannedMail } from "../domain/mail-plan.ts";
import type { Recipient } from "../domain/recipient.ts";
import type { MailLedger } from "../ports.ts";
import type { MailMetrics } from "../sending/metrics.ts";
import type { Sender } from "../sending/sender.ts";
import { onEntryConfirmed } from "./entry-confirmed.ts";
import { onEntryEnded } from "./entry-ended.ts";
import { onInviteAllocated } from "./invite-allocated.ts";
import { onInviteClosed } from "./invite-closed.ts";
import { onWaitlistJoined } from "./waitlist-joined.ts";

type Step = (happening: Happening, now: number) => MailPlan;

const STEPS: Record<Happening["record"]["event"]["type"], Step> = {
  WaitlistJoined: onWaitlistJoined,
  EntryConfirmed: onEntryConfirmed,
  EntryLeft: onEntryEnded,
  EntryErased: onEntryEnded,
  InviteAllocated: onInviteAllocated,
  InviteRedeemed: onInviteClosed,
  InviteExpired: onInviteClosed,
  InviteWithdrawn: onInviteClosed,
};

export function createHistoryHandler(deps: {
  definitions: Definitions;
  projection: Projection<Recipient>;
  ledger: Pick<MailLedger, "queue" | "cancel" | "forget">;
  sender: Pick<Sender, "offer">;
  metrics: MailMetrics;
  /** In milliseconds: a notice that comes too late is left out. */
  clock: () => number;
}): HistoryHandler<WaitlistEvent> {
  const { definitions, projection, ledger, sender, metrics, clock } = deps;
  return {
    takeOver: async (partition) => projection.takeOver(partition),
    apply: async (batch) => {
      await definitions.keep(batch.records);
      const plan = planMails(await projection.apply(batch), clock());
      const mails = await withDefinitions(definitions, plan.queue);
      const queued = mails.length > 0 ? await ledger.queue(mails) : [];
      // After the queueing: a replay may queue what a departure further on in the history has to take back.
      const cancelled = plan.cancel.length > 0 ? await ledger.cancel(plan.cancel) : [];
      if (plan.forget.length > 0) await ledger.forget(plan.forget);
      for (const id of queued) metrics.count(kindOf(id), "queued");
      for (const { kind, count } of cancelled) metrics.count(kind, "suppressed", count);
      sender.offer(queued);
    },
  };
}

/** Every record's part, judged with the entries as they are stored after all of them; `now` in milliseconds. */
export function planMails({ effects, entries }: Applied<Recipient>, now: number): MailPlan {
  return merge(
    effects.map(({ record, outcome }) => {
      const entry = entries.get(record.event.data.entryId);
      if (entry?.waitlistId !== record.event.data.waitlistId) return NOTHING;
      return STEPS[record.event.type]({ record, outcome, entry }, now);
    }),
  );
}

/** Names the definition that was in force at each mail's cause: one look-up a list, unless it changed in between. */
async function withDefinitions(definitions: Definitions, planned: PlannedMail[]): Promise<Mail[]> {
  const mails: Mail[] = [];
  for (const [waitlistId, ofList] of Map.groupBy(planned, (mail) => mail.waitlistId)) {
    const latest = await definitions.inForce(waitlistId, Math.max(...ofList.map((mail) => mail.causeOffset)));
    for (const { causeOffset, ...mail } of ofList) {
      const isLatest = latest === null || latest.offset <= causeOffset;
      const inForce = isLatest ? latest : await definitions.inForce(waitlistId, causeOffset);
      mails.push({ ...mail, definitionOffset: inForce?.offset ?? null });
    }
  }
  return mails;
}
