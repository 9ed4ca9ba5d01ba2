// What the launcher itself asks of the gateway.
import type {
  AdminEntry,
  BatchAccepted,
  BatchRequest,
  BatchWithdrawalAccepted,
  EntriesPage,
  InviteBatch,
  InviteWithdrawalAccepted,
  JoinAccepted,
  JoinRequest,
  LagView,
  Problem,
  Redemption,
  ScheduleRequest,
  ScheduleView,
} from "@waitlist/contracts";

export interface Answer<T> {
  status: number;
  body: T;
}

const ANSWER_WITHIN_MS = 15_000;

/** A client of the gateway with one admin key. Answers of any status come back as they are. */
export function createApi(gateway: string, adminKey: string) {
  async function call<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(new URL(path, gateway), {
      method,
      headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : null) as T };
  }
  const admin = { authorization: `Bearer ${adminKey}` };
  const list = (waitlistId: string) => `/v1/waitlists/${waitlistId}`;
  const requestBatch = (waitlistId: string, wanted: BatchRequest, idempotencyKey: string) =>
    call<BatchAccepted>("POST", `${list(waitlistId)}/invite-batches`, wanted, {
      ...admin,
      "idempotency-key": idempotencyKey,
    });
  return {
    findList: (waitlistId: string) => call<unknown>("GET", list(waitlistId)),
    defineList: (waitlistId: string, definition: unknown) =>
      call<unknown>("PUT", list(waitlistId), definition, admin),
    join: (waitlistId: string, signup: JoinRequest, headers: Record<string, string> = {}) =>
      call<JoinAnswer>("POST", `${list(waitlistId)}/entries`, signup, headers),
    /** Every entry in order of position. */
    entries: async (waitlistId: string): Promise<AdminEntry[]> => {
      const entries: AdminEntry[] = [];
      for (let after: number | null = 0; after !== null; ) {
        const path: string = `${list(waitlistId)}/entries?limit=1000&after=${after}`;
        const { status, body } = await call<EntriesPage>("GET", path, undefined, admin);
        if (status !== 200) throw new Error(`The gateway answered ${status} to a read of entries.`);
        entries.push(...body.items);
        after = body.next;
      }
      return entries;
    },
    schedule: (waitlistId: string, scheduleId: string, wanted: ScheduleRequest) =>
      call<ScheduleView>("PUT", `${list(waitlistId)}/invite-schedules/${scheduleId}`, wanted, admin),
    invite: (waitlistId: string, count: number, idempotencyKey: string) =>
      requestBatch(waitlistId, { count }, idempotencyKey),
    inviteNamed: (waitlistId: string, named: NamedRequest, idempotencyKey: string) =>
      requestBatch(waitlistId, named, idempotencyKey),
    redeem: (code: string, idempotencyKey: string) =>
      call<Redemption & Pick<Problem, "code">>("POST", `/v1/invites/${code}/redemption`, undefined, {
        ...admin,
        "idempotency-key": idempotencyKey,
      }),
    withdrawInvite: (code: string, reason: string) =>
      call<InviteWithdrawalAccepted>("POST", `/v1/invites/${code}/withdrawal`, { reason }, admin),
    withdrawBatch: (waitlistId: string, batchId: string, reason: string) =>
      call<BatchWithdrawalAccepted>(
        "POST",
        `${list(waitlistId)}/invite-batches/${batchId}/withdrawal`,
        { reason },
        admin,
      ),
    /** Of the dead letters: a path below theirs, read without a body and written with one. */
    deadLetters: <T>(path = "", body?: unknown) =>
      call<T>(body === undefined ? "GET" : "POST", `/v1/ops/dead-letters${path}`, body, admin),
    redriveAll: <T>() => call<T>("POST", "/v1/ops/redrive", {}, admin),
    lag: () => call<LagView>("GET", "/v1/ops/lag", undefined, admin),
    batch: (waitlistId: string, batchId: string) =>
      call<InviteBatch>("GET", `${list(waitlistId)}/invite-batches/${batchId}`, undefined, admin),
  };
}

/** Entries by name, whatever their order. */
type NamedRequest = Extract<BatchRequest, { reason: string }>;

/** Accepted, or a problem. */
type JoinAnswer = JoinAccepted & Pick<Problem, "title" | "errors">;

export type Api = ReturnType<typeof createApi>;
