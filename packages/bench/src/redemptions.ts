// From the POST of a code to the answer that the log has decided, at a steady 25 redemptions a second, against a bare trip
// through the same broker.
import type { MailCounts } from "@waitlist/contracts";
import { createApi, type System } from "@waitlist/launcher";
import { eventually } from "@waitlist/testing";
import type { Row } from "./table.ts";
import { compareWithBare } from "./trips.ts";

const LIST = "bench-redemptions";
const RATE = { perSecond: 25, seconds: 6, rounds: 4 };
/** One for each redemption, those of the first round included. */
const PEOPLE = RATE.perSecond * RATE.seconds * (RATE.rounds + 1);
const SIGNUPS_AT_ONCE = 50;
const READY_WITHIN_MS = 120_000;

export async function benchRedemptions(system: System): Promise<{ rows: Row[]; words: string }> {
  const { endpoints } = system;
  const api = createApi(endpoints.gateway, endpoints.adminKey);
  const codes = await inviteEverybody(api);
  await mailsSent(system);
  let next = 0;
  return compareWithBare(endpoints.kafka, {
    what: "Redemption to its answer",
    name: LIST,
    aims: { p50: "reported", p99: "reported" },
    ...RATE,
    // Anything but a 200 fails the benchmark.
    trip: async () => {
      const own = next++;
      ensure((await api.redeem(codes[own] ?? "", `bench-${own}`)).status, 200, "a redemption");
    },
  });
}

async function inviteEverybody(api: ReturnType<typeof createApi>): Promise<string[]> {
  ensure((await api.defineList(LIST, { name: "Bench" })).status, 201, "the list");
  for (let person = 0; person < PEOPLE; person += SIGNUPS_AT_ONCE) {
    const some = Array.from({ length: SIGNUPS_AT_ONCE }, async (_, index) => {
      const { status } = await api.join(LIST, { email: `person${person + index}@example.com` });
      ensure(status, 202, "a signup");
    });
    await Promise.all(some);
  }
  ensure((await api.invite(LIST, PEOPLE, LIST)).status, 202, "the batch");
  return eventually(async () => {
    const codes = (await api.entries(LIST)).flatMap(({ invite }) => invite?.code ?? []);
    if (codes.length < PEOPLE) throw new Error(`${codes.length} of ${PEOPLE} are invited`);
    return codes;
  }, READY_WITHIN_MS);
}

/** Thousands of mails on their way would be measured with them. */
async function mailsSent({ endpoints, secrets }: System): Promise<void> {
  const url = `${endpoints.services.email}/internal/waitlists/${LIST}/mail-counts`;
  await eventually(async () => {
    const response = await fetch(url, { headers: { authorization: `Bearer ${secrets.INTERNAL_TOKEN}` } });
    const { counts } = (await response.json()) as MailCounts;
    const under = counts.filter(({ state }) => ["queued", "claimed", "sending"].includes(state));
    if (counts.length < 2 || under.length > 0) throw new Error("mails are still on their way");
  }, READY_WITHIN_MS);
}

function ensure(status: number, wanted: number, what: string): void {
  if (status !== wanted) throw new Error(`${what} was answered with ${status}`);
}
