import type { Registry } from "@waitlist/runtime";
import { createLimits, type Limits, noLimits } from "../src/limits/limits.ts";
import { createLocalCounter } from "../src/limits/local-counter.ts";
import { parseRateLimit } from "../src/limits/settings.ts";

/** The limits as they hold without Redis. `setting` is `RATE_LIMIT`. */
export function limitsInMemory(setting: string, registry: Registry): Limits {
  const limits = parseRateLimit(setting);
  if (!limits) return noLimits;
  const count = createLocalCounter(limits);
  return createLimits(limits, {
    count: async (use, n) => ({ ...(await count(use, n)), local: true }),
    registry,
  });
}
