// Judges requests by the limits: what each counts for, how it stands, and what is known without counting.
import { Counter as Metric, type Registry } from "@waitlist/runtime";
import { LRUCache } from "lru-cache";
import { type AttackWatch, createAttackWatch } from "./attack-watch.ts";
import { type Count, createCoalescer, type Standing, type Use } from "./coalescer.ts";
import type { PolicyName, RateLimits } from "./settings.ts";

/** A count, and whether it is only this process's. */
export interface SharedCount extends Count {
  local: boolean;
}

/** Counts `n` more for a key, in Redis where it can be reached. */
export type SharedCounter = (use: Use, n: number) => Promise<SharedCount>;

/** What a request is: of which client (a key that tells no address), and on which list it signs up. */
export type LimitedRequest =
  | { kind: "signup"; client: string; waitlistId: string | undefined }
  | { kind: "read"; client: string };

/** Who may ask for how much. */
export interface Limits extends Pick<AttackWatch, "underAttack"> {
  /** How the request stands with each policy that it counts for; empty where nothing is limited. */
  judge(request: LimitedRequest): Promise<Standing[]>;
}

/** `RATE_LIMIT=off`: for load tests. Nothing is counted, so no list is ever seen to be under attack. */
export const noLimits: Limits = { judge: async () => [], underAttack: () => false };

/** Keys of used-up windows that are remembered. */
const MAX_SPENT = 50_000;

export interface LimitsDeps {
  count: SharedCounter;
  registry: Registry;
  /** Milliseconds that never go back. */
  now?: () => number;
}

/**
 * A key whose window is used up is refused until the window's end without being counted, here or elsewhere: a client
 * that goes on asking costs no round trip, and takes nothing from its list or from everybody.
 */
export function createLimits({ policies, attack }: RateLimits, deps: LimitsDeps): Limits {
  const { registry, now = () => performance.now() } = deps;
  const spent = new LRUCache<string, number>({ max: MAX_SPENT });
  const watch = createAttackWatch(policies.list, attack, now);
  const judged = measure(registry);

  const count = async (use: Use, n: number): Promise<Count> => {
    const counted = await deps.count(use, n);
    const { policy, id } = use;
    const allowed = Math.max(0, Math.min(n, n - (counted.used - policy.requests)));
    judged(policy.name, counted.local ? "process" : "redis", allowed, n - allowed);
    if (counted.used >= policy.requests) spent.set(id, now() + counted.resetMs);
    if (policy === policies.list) watch.saw(id.slice(policy.name.length + 1), counted.used, counted.resetMs);
    return counted;
  };
  const coalescer = createCoalescer(count);

  const usesOf = (request: LimitedRequest): Use[] => {
    const use = (name: PolicyName, key: string): Use => ({ policy: policies[name], id: `${name}:${key}` });
    if (request.kind === "read") return [use("reads", request.client)];
    const { client, waitlistId } = request;
    return [
      use("client", client),
      ...(waitlistId === undefined ? [] : [use("list", waitlistId)]),
      use("all", ""),
    ];
  };

  const knownRefusal = (uses: Use[]): Standing | undefined => {
    for (const { policy, id } of uses) {
      const resetMs = (spent.get(id) ?? 0) - now();
      if (resetMs <= 0) continue;
      judged(policy.name, "known", 0, 1);
      return { policy, allowed: false, remaining: 0, resetMs };
    }
    return undefined;
  };

  return {
    judge: async (request) => {
      const uses = usesOf(request);
      const refusal = knownRefusal(uses);
      return refusal ? [refusal] : coalescer.take(uses);
    },
    underAttack: watch.underAttack,
  };
}

function measure(registry: Registry) {
  const metric = new Metric({
    name: "waitlist_limited_requests_total",
    help:
      "Requests by the policy that judged them. Counted in redis, by this process alone (no Redis), or not at all " +
      "(known: the window was used up).",
    labelNames: ["policy", "outcome", "counted"] as const,
    registers: [registry],
  });
  return (policy: PolicyName, counted: "redis" | "process" | "known", allowed: number, refused: number) => {
    if (allowed > 0) metric.inc({ policy, outcome: "allowed", counted }, allowed);
    if (refused > 0) metric.inc({ policy, outcome: "refused", counted }, refused);
  };
}
