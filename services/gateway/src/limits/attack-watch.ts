// Which lists are being flooded, told from how many signups came for them, good or bad.
import { LRUCache } from "lru-cache";
import type { Rate } from "./settings.ts";

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
export function createAttackWatch({ requests: begins, seconds }: Rate, now: () => number): AttackWatch {
  const goesOn = Math.ceil(begins / 2);
  const until = new LRUCache<string, number>({ max: MAX_LISTS });

  const underAttack = (waitlistId: string) => (until.get(waitlistId) ?? 0) > now();
  return {
    saw: (waitlistId, used, resetMs) => {
      if (used < (underAttack(waitlistId) ? goesOn : begins)) return;
      until.set(waitlistId, now() + resetMs + seconds * 1000);
    },
    underAttack,
  };
}
