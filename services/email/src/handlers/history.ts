// What the email service does with each stretch of history: recipients, then the ledger; the cursor follows.
import type { WaitlistEvent } from "@waitlist/contracts";
import type { HistoryHandler } from "@waitlist/kafka";
import type { Applied, DefinitionInForce, Definitions, Projection } from "@waitlist/roster";
import { kindOf, type Mail } from "../domain/mail.ts";
import { type Happening, type MailPlan, merge, NOTHING, type PlannedMail } from "../domain/mail-plan.ts";
import type { Recipient } from "../domain/recipient.ts";
import { reminderTime } from "../domain/reminder.ts";
import { resendIn } from "../domain/resend.ts";
import type { MailLedger } from "../ports.ts";
import type { MailMetrics } from "../sending/metrics.ts";
import type { Sender } from "../sending/sender.ts";
import { onEntryConfirmed } from "./entry-confirmed.ts";
import { onEntryEnded } from "./entry-ended.ts";
import { onEntryUndeliverable } from "./entry-undeliverable.ts";
import { onInviteAllocated } from "./invite-allocated.ts";
import { onInviteClosed } from "./invite-closed.ts";
import type { ResendMails } from "./resend-mails.ts";
import { onWaitlistJoined } from "./waitlist-joined.ts";

type Step = (happening: Happening, now: number) => MailPlan;

const STEPS: Record<Happening["record"]["event"]["type"], Step> = {
  WaitlistJoined: onWaitlistJoined,
  EntryConfirmed: onEntryConfirmed,
  EntryLeft: onEntryEnded,
  EntryErased: onEntryEnded,
  EntryUndeliverable: onEntryUndeliverable,
  InviteAllocated: onInviteAllocated,
  InviteRedeemed: onInviteClosed,
  InviteExpired: onInviteClosed,
  InviteWithdrawn: onInviteClosed,
};

export function createHistoryHandler(deps: {
  definitions: Definitions;
  projection: Projection<Recipient>;
  ledger: Pick<MailLedger, "queue" | "cancel" | "forget" | "suppressUndeliverable">;
  resendMails: ResendMails;
  sender: Pick<Sender, "offer">;
  metrics: Pick<MailMetrics, "count">;
  /** In milliseconds: a notice or a reminder that comes too late is left out. */
  clock: () => number;
}): HistoryHandler<WaitlistEvent> {
  const { definitions, projection, ledger, resendMails, sender, metrics, clock } = deps;

  /** What must not go out any more, if it hasn't. */
  async function takeBack({ cancel, forget, undeliverable }: MailPlan): Promise<void> {
    const suppressed = cancel.length > 0 ? await ledger.cancel(cancel) : [];
    for (const { ids, offset } of undeliverable) {
      suppressed.push(...(await ledger.suppressUndeliverable(ids, offset)));
    }
    if (forget.length > 0) await ledger.forget(forget);
    for (const { kind, count } of suppressed) metrics.count(kind, "suppressed", count);
  }

  return {
    takeOver: async (partition) => projection.takeOver(partition),
    apply: async (batch) => {
      await definitions.keep(batch.records);
      const now = clock();
      const plan = planMails(await projection.apply(batch), now);
      const mails = await withDefinitions(definitions, plan.queue, now);
      const queued = mails.length > 0 ? await ledger.queue(mails) : [];
      // After the queueing: a replay may queue what a departure further on in the history has to take back.
      await takeBack(plan);
      for (const id of queued) metrics.count(kindOf(id), "queued");
      sender.offer(withoutLater(queued, mails));
      // At last: whoever has left by then gets nothing again.
      for (const record of batch.records) {
        const request = resendIn(record);
        if (request) sender.offer(await resendMails(request, batch));
      }
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

/** What is not to be sent yet takes no room in the sender's memory: it finds it in the ledger when it is due. */
function withoutLater(queued: string[], mails: Mail[]): string[] {
  const later = new Set(mails.filter(({ notBefore }) => notBefore !== undefined).map(({ id }) => id));
  return queued.filter((id) => !later.has(id));
}

/**
 * Names the definition that was in force at each mail's cause: one look-up a list, unless it changed in between.
 * Reminders that it doesn't ask for are left out; `now` in milliseconds.
 */
async function withDefinitions(
  definitions: Definitions,
  planned: PlannedMail[],
  now: number,
): Promise<Mail[]> {
  const mails: Mail[] = [];
  for (const [waitlistId, ofList] of Map.groupBy(planned, (mail) => mail.waitlistId)) {
    const latest = await definitions.inForce(waitlistId, Math.max(...ofList.map((mail) => mail.causeOffset)));
    for (const { causeOffset, ...mail } of ofList) {
      const isLatest = latest === null || latest.offset <= causeOffset;
      const inForce = isLatest ? latest : await definitions.inForce(waitlistId, causeOffset);
      mails.push(...asDefined(mail, inForce, now));
    }
  }
  return mails;
}

function asDefined(
  mail: Omit<PlannedMail, "causeOffset">,
  inForce: DefinitionInForce | null,
  now: number,
): Mail[] {
  const defined = { ...mail, definitionOffset: inForce?.offset ?? null };
  if (mail.kind !== "reminder") return [defined];
  const notBefore = reminderTime(mail, inForce?.definition.invites.reminderHours, now);
  return notBefore === null ? [] : [{ ...defined, notBefore }];
}
