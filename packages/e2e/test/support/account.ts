// What has to be true of a list once the dust has settled, whatever was killed.
import assert from "node:assert/strict";
import type { AdminEntry, MailCounts } from "@waitlist/contracts";
import { createApi, type System } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import type { Accepted } from "./load.ts";
import { readOrder } from "./log-reader.ts";
import type { MailSink } from "./mail-sink.ts";

const SETTLED_WITHIN_MS = 90_000;

/** Waits until everybody who was accepted is on the list, and returns the list in order of position. */
export async function settledEntries(
  system: System,
  waitlistId: string,
  accepted: Accepted[],
): Promise<AdminEntry[]> {
  const api = createApi(system.endpoints.gateway, system.endpoints.adminKey);
  const wanted = new Set(accepted.map(({ entryId }) => entryId)).size;
  return eventually(async () => {
    const entries = await api.entries(waitlistId);
    assert.equal(entries.length, wanted);
    return entries;
  }, SETTLED_WITHIN_MS);
}

/** Every 2xx is on the list once, and the order is that of the log. */
export async function assertOrder(
  system: System,
  waitlistId: string,
  entries: AdminEntry[],
  accepted: Accepted[],
): Promise<void> {
  const listed = entries.map(({ entryId }) => entryId);
  assert.deepEqual(
    entries.map(({ position }) => position),
    entries.map((_, index) => index + 1),
    "positions have a gap or a duplicate",
  );
  assert.deepEqual(new Set(listed), new Set(accepted.map(({ entryId }) => entryId)));
  assert.deepEqual(listed, await readOrder(system.endpoints.kafka, waitlistId), "not the order of the log");
}

/** Mails of one kind: how many in each state. */
export async function mailStates(
  system: System,
  waitlistId: string,
  kind: string,
): Promise<Record<string, number>> {
  const response = await fetch(
    `${system.endpoints.services.email}/internal/waitlists/${waitlistId}/mail-counts`,
    { headers: { authorization: `Bearer ${system.secrets.INTERNAL_TOKEN}` } },
  );
  assert.equal(response.status, 200);
  const { counts } = (await response.json()) as MailCounts;
  return Object.fromEntries(
    counts.filter((row) => row.kind === kind).map(({ state, count }) => [state, count]),
  );
}

/**
 * Waits until every mail of a kind has ended, and checks that each address got exactly one: none twice, and none
 * missing but those whose fate the ledger calls ambiguous. Returns how many those are.
 */
export async function assertMails(
  system: System,
  waitlistId: string,
  kind: "welcome" | "invite",
  { entries, sink }: { entries: AdminEntry[]; sink: Pick<MailSink, "received"> },
): Promise<number> {
  const states = await eventually(async () => {
    const found = await mailStates(system, waitlistId, kind);
    assert.equal((found.sent ?? 0) + (found.ambiguous ?? 0), entries.length, JSON.stringify(found));
    return found;
  }, SETTLED_WITHIN_MS);
  const ambiguous = states.ambiguous ?? 0;
  const counts = await eventually(() => {
    const received = receivedBy(sink, kind);
    const found = entries.map(({ email }) => received.get(email ?? "") ?? 0);
    const missing = found.filter((count) => count === 0).length;
    assert.ok(missing <= ambiguous, `${missing} mails are missing, ${ambiguous} are ambiguous`);
    return found;
  });
  assert.equal(counts.filter((count) => count > 1).length, 0, "somebody got a mail twice");
  return ambiguous;
}

const SUBJECTS = { welcome: "You're number ", invite: "Your invite to " };

/** How many mails of a kind each address got. */
function receivedBy(sink: Pick<MailSink, "received">, kind: "welcome" | "invite"): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { subject, to } of sink.received()) {
    // Whoever tries again after an unanswered request signs up twice, and is told so by a mail that counts as neither.
    if (subject.startsWith(SUBJECTS[kind])) counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
}
