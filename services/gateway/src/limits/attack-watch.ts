// Which lists are being flooded, told from their counts of signups.
import { LRUCache } from "lru-cache";
import type { Policy, Rate } from "./settings.ts";

export interface AttackWatch {
  /** A list had `used` signups in the window that ends in `resetMs`. */
  saw(waitlistId: string, used: number, resetMs: number): void;
  underAttack(waitlistId: string): boolean;
}

/** Lists that are remembered as attacked; the one that was quiet for longest is forgotten first. */
const MAX_LISTS = 10_000;

/**
 * A list is under attack once a window brings `attack` signups, and no longer when a whole window has passed that
 * brought less than half of that: in between it stays as it is, so that it doesn't change with every window. `now` is in
 * milliseconds and never goes back.
 */
export function createAttackWatch(list: Policy, attack: Rate, now: () => number): AttackWatch {
  // Counted in the list's own windows, and no count beyond the list's limit needs to be awaited.
  const begins = Math.min(Math.ceil((attack.requests * list.seconds) / attack.seconds), list.requests);
  const goesOn = Math.ceil(begins / 2);
  const until = new LRUCache<string, number>({ max: MAX_LISTS });

  const underAttack = (waitlistId: string) => (until.get(waitlistId) ?? 0) > now();
  return {
    saw: (waitlistId, used, resetMs) => {
      if (used < (underAttack(waitlistId) ? goesOn : begins)) return;
      until.set(waitlistId, now() + resetMs + list.seconds * 1000);
    },
    underAttack,
  };
}
