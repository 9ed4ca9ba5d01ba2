// How much is too much: the limits of an installation, and the setting that changes them.
import { ConfigError } from "@waitlist/runtime";

/** `client` and `reads` count each address block, `list` each list, `all` everybody together. */
export const POLICY_NAMES = ["client", "list", "all", "reads"] as const;
export type PolicyName = (typeof POLICY_NAMES)[number];

/** So many requests in so many seconds. */
export interface Rate {
  requests: number;
  seconds: number;
}

export interface Policy extends Rate {
  name: PolicyName;
}

export interface RateLimits {
  policies: Record<PolicyName, Policy>;
  /** From so many signups on, refused ones included, a list is under attack. */
  attack: Rate;
}

const USUAL: Record<PolicyName | "attack", Rate> = {
  client: { requests: 120, seconds: 60 },
  list: { requests: 6000, seconds: 60 },
  all: { requests: 60_000, seconds: 60 },
  reads: { requests: 600, seconds: 60 },
  attack: { requests: 600, seconds: 60 },
};

const RATE = /^(\w+)=(\d{1,9})\/(\d{1,5})$/;
const MAX_SECONDS = 86_400;

const WRONG = new ConfigError(
  "RATE_LIMIT must be on, off, or limits such as client=120/60,reads=600/60: requests/seconds (at most a day) of " +
    `${Object.keys(USUAL).join(", ")}, each once.`,
);

/** Reads `RATE_LIMIT`; null where nothing is to be limited. Throws `ConfigError`. */
export function parseRateLimit(text: string): RateLimits | null {
  if (text.trim() === "off") return null;
  const { attack, ...rates } = { ...USUAL, ...(text.trim() === "on" ? {} : overrides(text)) };
  const named = POLICY_NAMES.map((name): [PolicyName, Policy] => [name, { name, ...rates[name] }]);
  return { policies: Object.fromEntries(named) as Record<PolicyName, Policy>, attack };
}

function overrides(text: string): Partial<typeof USUAL> {
  const found = text.split(",").map((part): [string, Rate] => {
    const [, name = "", requests, seconds] = RATE.exec(part.trim()) ?? [];
    const rate = { requests: Number(requests), seconds: Number(seconds) };
    const fits = rate.requests >= 1 && rate.seconds >= 1 && rate.seconds <= MAX_SECONDS;
    if (!fits || !Object.hasOwn(USUAL, name)) throw WRONG;
    return [name, rate];
  });
  if (new Map(found).size < found.length) throw WRONG;
  return Object.fromEntries(found);
}
