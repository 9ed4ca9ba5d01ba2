import { slotBatchIdOf } from "@waitlist/contracts";
import { ask, createHistory, entry, type History, LIST, SECRET } from "./history.ts";

/**
 * A history in which everything happens that the audit knows of. Of the batches, "first" has its invites redeemed,
 * expired (put back) and withdrawn, "named" goes out of order, and "second" is taken back as a whole. Of two runs of a schedule one is beyond its total.
 */
export function busyHistory(): History {
  const history = createHistory();
  const { put, tell, complete } = history;
  const give = (batchId: string) => {
    tell(batchId);
    complete(batchId);
  };
  const about = (batchId: string, index: number) => {
    const { entryId, joinOffset, inviteId } = [...history.batch(batchId).chosen.values()][index] ?? {};
    if (!entryId || joinOffset === undefined || !inviteId) throw new Error("nobody was chosen there");
    return { entryId, joinOffset, inviteId };
  };
  history.define();
  const joined = Array.from({ length: 10 }, (_, person) => history.join(person, person % 4 === 1));
  history.join(3);
  const place = (person: number) => ({ entryId: entry(person), joinOffset: joined[person] ?? 0 });
  put("EntryConfirmed", place(1));
  put("EntryLeft", place(9));
  history.join(9);
  ask(history, "first", 4);
  give("first");
  put("InviteRedeemed", { ...about("first", 0), attempt: "once" });
  put("InviteExpired", { ...about("first", 1), requeue: true });
  put("InviteWithdrawn", { ...about("first", 2), requestedBy: "an admin" });
  put("InviteBatchRequested", {
    batchId: "named",
    entryIds: [entry(8)],
    reason: "asked",
    requestedBy: "an admin",
  });
  give("named");
  ask(history, "second", 3);
  give("second");
  put("InviteBatchWithdrawn", { batchId: "second", requestedBy: "an admin" });
  for (const index of [0, 1, 2])
    put("InviteWithdrawn", { ...about("second", index), requestedBy: "an admin" });
  put("EntryErased", place(8));
  const mailId = `welcome:${entry(2)}:${place(2).joinOffset}`;
  put("EntryUndeliverable", { ...place(2), mailId, cause: "bounced", source: "report" });
  put("MailResendRequested", { resendId: "m-1", mailIds: [mailId], requestedBy: "an admin" });
  const schedule = { scheduleId: "daily", count: 1, requestedBy: "an admin" };
  const cron = { cron: "0 9 * * *", timeZone: "UTC", total: 1 };
  const scheduleOffset = put("InviteScheduleSet", { ...schedule, ...cron, state: "active" });
  const runs = [100, 200].map((slot) => {
    const name = { waitlistId: LIST, scheduleId: "daily", offset: scheduleOffset };
    const batchId = slotBatchIdOf(SECRET, name, slot);
    put("InviteBatchRequested", { ...schedule, batchId, ...{ scheduleOffset, slot } });
    if (history.paper.batches.has(batchId)) give(batchId);
    return batchId;
  });
  if (history.paper.batches.has(runs[1] ?? "")) throw new Error("the second run is beyond the total");
  ask(history, "rest", 50);
  give("rest");
  return history;
}
