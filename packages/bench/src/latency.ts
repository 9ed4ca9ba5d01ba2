// From POST to the place being visible, at a steady 200 signups a second, against a bare trip through the same broker.
import type { System } from "@waitlist/launcher";
import type { Row } from "./table.ts";
import { compareWithBare } from "./trips.ts";

const LIST = "bench-latency";

export async function benchLatency({ endpoints }: System): Promise<{ rows: Row[]; words: string }> {
  await defineList(endpoints.gateway, endpoints.adminKey);
  let person = 0;
  return compareWithBare(endpoints.kafka, {
    what: "POST to visible",
    name: "bench-latency",
    aims: { p50: "30 ms", p99: "120 ms" },
    ...{ perSecond: 200, seconds: 8, rounds: 4 },
    trip: () => signUp(endpoints.gateway, `person${person++}@example.com`),
  });
}

async function defineList(gateway: string, adminKey: string): Promise<void> {
  const { status } = await fetch(`${gateway}/v1/waitlists/${LIST}`, {
    method: "PUT",
    headers: { "content-type": "application/json", authorization: `Bearer ${adminKey}` },
    body: JSON.stringify({ name: "Bench", revealPosition: "on-signup" }),
  });
  if (status !== 201) throw new Error(`the list was answered with ${status}`);
}

/** The answer comes when the place can be read: anything but a 201 fails the benchmark. */
async function signUp(gateway: string, email: string): Promise<void> {
  const response = await fetch(`${gateway}/v1/waitlists/${LIST}/entries`, {
    method: "POST",
    headers: { "content-type": "application/json", prefer: "wait=10" },
    body: JSON.stringify({ email }),
  });
  await response.arrayBuffer();
  if (response.status !== 201) throw new Error(`a signup was answered with ${response.status}`);
}
