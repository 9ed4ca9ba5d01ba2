import { Counter, type Registry } from "@waitlist/runtime";

export type Refusal = "honeypot" | "no-challenge" | "wrong-challenge";

/** Counts signups that look like a program's, by what gave it away. */
export interface RefusedSignups {
  count(refusal: Refusal): void;
}

export function createRefusedSignups(registry: Registry): RefusedSignups {
  const metric = new Counter({
    name: "waitlist_refused_signups_total",
    help: "Signups that were refused because they look like a program's, by what gave it away.",
    labelNames: ["because"] as const,
    registers: [registry],
  });
  return { count: (because) => metric.inc({ because }) };
}
