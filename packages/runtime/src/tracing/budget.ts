/** So many requests a second begin a trace, at most: all on a quiet day, and under load enough of each kind. */
const PER_SECOND = 20;

/**
 * Says of each request whether it may begin a trace. A traced signup costs about as much again as an untraced one: without a
 * bound, a busy gateway would take half of what it takes. `now` is in milliseconds and never goes back.
 */
export function createTraceBudget(
  perSecond: number = PER_SECOND,
  now: () => number = () => performance.now(),
): () => boolean {
  let left = perSecond;
  let at = now();
  return () => {
    const time = now();
    left = Math.min(perSecond, left + ((time - at) / 1000) * perSecond);
    at = time;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
}
