// Judges requests by the limits: what each counts for, how it stands, and what is known without counting.
import { Counter as Metric, type Registry } from "@waitlist/runtime";
import { LRUCache } from "lru-cache";
import { type AttackWatch, createAttackWatch } from "./attack-watch.ts";
import { type Count, createCoalescer, type Standing, type Use } from "./coalescer.ts";
import type { Policy, PolicyName, RateLimits } from "./settings.ts";

/** A count, and whether it is only this process's. */
export interface SharedCount extends Count {
  local: boolean;
}

/** Counts `n` more for a key, in Redis where it can be reached. */
export type SharedCounter = (use: Use, n: number) => Promise<SharedCount>;

/** Of which client a request is, and of which network around it: keys that tell no address. */
export interface Requester {
  client: string;
  network?: string | undefined;
}

/**
 * What is to be counted. A signup, as it comes, counts for who sends it; whether its list is under attack is told by all
 * that come, where that is `watched`. Only an admission, a signup that brings all that its list asks for, counts for the list
 * and for everybody: otherwise junk from a few would lock out all others.
 */
export type LimitedRequest =
  | ({ kind: "signup"; waitlistId: string | undefined; watched: boolean } & Requester)
  | { kind: "admission"; waitlistId: string }
  | { kind: "read"; client: string };

/** Who may ask for how much. */
export interface Limits extends Pick<AttackWatch, "underAttack"> {
  /**
   * How the request stands with each policy that it counts for; empty where nothing is limited. At once where that is known
   * without counting.
   */
  judge(request: LimitedRequest): Standing[] | Promise<Standing[]>;
}

/** `RATE_LIMIT=off`: for load tests. Nothing is counted, so no list is ever seen to be under attack. */
export const noLimits: Limits = { judge: () => [], underAttack: () => false };

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
export function createLimits({ policies }: RateLimits, deps: LimitsDeps): Limits {
  const { registry, now = () => performance.now() } = deps;
  const spent = new LRUCache<string, number>({ max: MAX_SPENT });
  const watch = createAttackWatch(policies.attack, now);
  /** Counted like the others, but nobody is refused by it. */
  const attack: Policy = { ...policies.attack, requests: Number.POSITIVE_INFINITY };
  const judged = measure(registry);

  const count = async (use: Use, n: number): Promise<Count> => {
    const counted = await deps.count(use, n);
    const { policy, id } = use;
    const { requests } = policies[policy.name];
    const isFull = counted.used >= requests;
    if (isFull) spent.set(id, now() + counted.resetMs);
    const list = id.slice(policy.name.length + 1);
    if (policy === attack) {
      watch.saw(list, counted.used, counted.resetMs);
      return counted;
    }
    // At its limit a list is under attack at the latest: nothing more is counted for it.
    if (policy === policies.list && isFull) watch.saw(list, Number.POSITIVE_INFINITY, counted.resetMs);
    const allowed = Math.max(0, Math.min(n, n - (counted.used - requests)));
    judged(policy.name, counted.local ? "process" : "redis", allowed, n - allowed);
    return counted;
  };
  const coalescer = createCoalescer(count);

  const use = (name: PolicyName, key: string): Use => ({ policy: policies[name], id: `${name}:${key}` });
  const leftOfSpent = ({ id }: Use): number => (spent.get(id) ?? 0) - now();

  const usesOf = (request: LimitedRequest): Use[] => {
    if (request.kind === "read") return [use("reads", request.client)];
    if (request.kind === "admission") return admissionUses(request.waitlistId);
    const { client, network, waitlistId, watched } = request;
    const uses = [use("client", client)];
    if (network !== undefined) uses.push(use("network", network));
    if (waitlistId === undefined || !watched) return uses;
    const coming: Use = { policy: attack, id: `attack:${waitlistId}` };
    // That it is under attack until the window's end, and for another one, is known.
    return leftOfSpent(coming) > 0 ? uses : [...uses, coming];
  };
  const admissionUses = (waitlistId: string): Use[] => [use("list", waitlistId), use("all", "")];

  const knownRefusal = (uses: Use[]): Standing | undefined => {
    for (const each of uses) {
      const { policy } = each;
      const resetMs = leftOfSpent(each);
      if (resetMs <= 0) continue;
      judged(policy.name, "known", 0, 1);
      return { policy, allowed: false, remaining: 0, resetMs };
    }
    return undefined;
  };

  return {
    judge: (request) => {
      const uses = usesOf(request);
      const list = request.kind === "signup" ? request.waitlistId : undefined;
      // A signup whose list has had its fill is refused as it comes, too.
      const refusal = knownRefusal(list === undefined ? uses : [...uses, ...admissionUses(list)]);
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
