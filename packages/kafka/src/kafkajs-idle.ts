// kafkajs (2.2.4) looks at the queue of each connection every millisecond, for as long as it is open, and asks for
// timers with negative durations to do so: one twentieth of a core for the idle producers of twelve partitions, and a
// warning from Node. Nothing waits in a queue that is empty; a request that has to wait asks for a look itself.
import { createRequire } from "node:module";

interface RequestQueue {
  pending: unknown[];
  scheduleCheckPendingRequests(): void;
}

const { prototype } = createRequire(import.meta.url)("kafkajs/src/network/requestQueue") as {
  prototype: RequestQueue;
};
const schedule = prototype.scheduleCheckPendingRequests;

prototype.scheduleCheckPendingRequests = function scheduleWhereNeeded(this: RequestQueue): void {
  if (this.pending.length > 0) schedule.call(this);
};
