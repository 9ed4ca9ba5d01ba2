// What a gateway would be without metrics: they are still made, and none of them counts anything.
import { Counter, Gauge, Histogram } from "@waitlist/runtime";

const nothing = () => undefined;
const uncounted = { inc: nothing, dec: nothing, set: nothing, observe: nothing };

/** For a process of a benchmark alone: no metric that is used after this does any work. */
export function measureNothing(): void {
  for (const { prototype } of [Counter, Gauge, Histogram]) {
    Object.assign(prototype, uncounted, { labels: () => uncounted });
  }
}
