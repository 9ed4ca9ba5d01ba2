// Invites as the invite service has them: the first closing event closes one.
import { setTimeout as wait } from "node:timers/promises";
import { type InviteState, readInviteCode, type WaitlistEvent } from "@waitlist/contracts";

export function invitesInMemory() {
  const byCode = new Map<string, InviteState>();
  /** What stands on the log at this offset since `at` (milliseconds). */
  const take = (event: WaitlistEvent, { offset, at }: { offset: number; at: number }) => {
    if (event.type !== "InviteRedeemed" && event.type !== "InviteWithdrawn") return;
    const { data, type } = event;
    const closing = { closedOffset: offset, closedAt: new Date(at).toISOString() };
    for (const [code, invite] of byCode) {
      if (invite.inviteId !== data.inviteId || invite.state !== "open") continue;
      const how: Partial<InviteState> =
        type === "InviteRedeemed" ? { state: "redeemed", attempt: data.attempt } : { state: "withdrawn" };
      byCode.set(code, { ...invite, ...how, ...closing });
    }
  };
  return {
    byCode,
    take,
    find: async (code: string, waitMs = 0): Promise<InviteState | null> => {
      const now = () => byCode.get(readInviteCode(code) ?? "") ?? null;
      const until = performance.now() + waitMs;
      while (now()?.state === "open" && performance.now() < until) await wait(5);
      return now();
    },
  };
}
