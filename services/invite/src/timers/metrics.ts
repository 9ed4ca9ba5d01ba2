import { Counter, type Registry } from "@waitlist/runtime";

/** Counts the expiries that were proposed. */
export function countExpiries(registry: Registry): (count: number) => void {
  const expiries = new Counter({
    name: "waitlist_invite_expiries_proposed_total",
    help: "InviteExpired facts acknowledged by the log; what was closed before, or proposed twice, changes nothing.",
    registers: [registry],
  });
  return (count) => expiries.inc(count);
}
