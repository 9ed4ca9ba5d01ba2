// How much is too much: the limits of an installation, and the setting that changes them.
import { ConfigError } from "@waitlist/runtime";

/**
 * `client` and `reads` count each address block, `network` each IPv6 /48, `list` each list, `all` everybody together. `attack`
 * refuses nobody: from so many signups on, refused ones included, a list is under attack.
 */
export const POLICY_NAMES = ["client", "network", "list", "all", "reads", "attack"] as const;
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
}

/** A network has so many times what one of its clients has, unless it is said: one home's line is hundreds of blocks. */
const CLIENTS_OF_A_NETWORK = 20;

const USUAL: Record<Exclude<PolicyName, "network">, Rate> = {
  client: { requests: 120, seconds: 60 },
  list: { requests: 6000, seconds: 60 },
  all: { requests: 60_000, seconds: 60 },
  reads: { requests: 600, seconds: 60 },
  attack: { requests: 600, seconds: 60 },
};

const RATE = /^(\w+)=(\d{1,9})\/(\d{1,5})$/;
const MAX_SECONDS = 86_400;

type Rates = typeof USUAL & Partial<Record<"network", Rate>>;

const WRONG = new ConfigError(
  "RATE_LIMIT must be on, off, or limits such as client=120/60,reads=600/60: requests/seconds (at most a day) of " +
    `${POLICY_NAMES.join(", ")}, each once.`,
);

/** Reads `RATE_LIMIT`; null where nothing is to be limited. Throws `ConfigError`. */
export function parseRateLimit(text: string): RateLimits | null {
  if (text.trim() === "off") return null;
  const given: Rates = { ...USUAL, ...(text.trim() === "on" ? {} : overrides(text)) };
  const { requests, seconds } = given.client;
  const rates = { network: { requests: requests * CLIENTS_OF_A_NETWORK, seconds }, ...given };
  const named = POLICY_NAMES.map((name): [PolicyName, Policy] => [name, { name, ...rates[name] }]);
  return { policies: Object.fromEntries(named) as Record<PolicyName, Policy> };
}

function overrides(text: string): Partial<Rates> {
  const found = text.split(",").map((part): [string, Rate] => {
    const [, name = "", requests, seconds] = RATE.exec(part.trim()) ?? [];
    const rate = { requests: Number(requests), seconds: Number(seconds) };
    const fits = rate.requests >= 1 && rate.seconds >= 1 && rate.seconds <= MAX_SECONDS;
    if (!fits || !(POLICY_NAMES as readonly string[]).includes(name)) throw WRONG;
    return [name, rate];
  });
  if (new Map(found).size < found.length) throw WRONG;
  return Object.fromEntries(found);
}
