// Invites as the API gives them out, and as each service's database holds them.
import assert from "node:assert/strict";
import type { InviteBatch } from "@waitlist/contracts";
import { type Api, createApi, type System } from "@waitlist/launcher";
import type { Closing } from "@waitlist/roster";
import { eventually } from "@waitlist/testing";
import { MongoClient } from "mongodb";

/** A list of `count` people. */
export async function signUpList(api: Api, waitlistId: string, count: number): Promise<void> {
  const defined = await api.defineList(waitlistId, { name: "Redeemed", revealPosition: "on-signup" });
  assert.equal(defined.status, 201);
  for (let person = 1; person <= count; person += 1) {
    const { status } = await api.join(waitlistId, { email: `person${person}@${waitlistId}.example.com` });
    assert.equal(status, 202);
  }
}

/** A list of `count` people, each of them invited: their codes, in order of position. */
export async function inviteList(api: Api, waitlistId: string, count: number): Promise<string[]> {
  await signUpList(api, waitlistId, count);
  const asked = await api.invite(waitlistId, count, "everybody");
  assert.equal(asked.status, 202);
  return eventually(async () => {
    const codes = (await api.entries(waitlistId)).flatMap(({ invite }) => invite?.code ?? []);
    assert.equal(codes.length, count);
    return codes;
  }, 60_000);
}

export const apiOf = ({ endpoints }: System, gateway = endpoints.gateway) =>
  createApi(gateway, endpoints.adminKey);

/** What the invite service by itself says of a batch. */
export async function statusAtInvite(system: System, waitlistId: string, batchId: string): Promise<string> {
  const response = await fetch(
    `${system.endpoints.services.invite}/internal/waitlists/${waitlistId}/invite-batches/${batchId}`,
    { headers: { authorization: `Bearer ${system.secrets.INTERNAL_TOKEN}` } },
  );
  return ((await response.json()) as InviteBatch).status;
}

const COLLECTIONS = { waitlist_storage: "entries", waitlist_email: "recipients", waitlist_invite: "queue" };

/** By position, how each database says that the invite of a list's place was closed. */
export async function closingsIn(system: System, waitlistId: string): Promise<Record<string, Told[]>> {
  const client = await MongoClient.connect(system.endpoints.mongodb);
  try {
    const found = Object.entries(COLLECTIONS).map(
      async ([database, collection]): Promise<[string, Told[]]> => {
        const entries = await client
          .db(database)
          .collection<Stored>(collection)
          .find({ waitlistId })
          .toArray();
        const places = entries.flatMap((entry) => entry.places).sort((a, b) => a.position - b.position);
        return [database, places.map(({ invite }) => toldBy(invite?.closed))];
      },
    );
    return Object.fromEntries(await Promise.all(found));
  } finally {
    await client.close();
  }
}

/** Waits until all three databases say the same of every place, and that nothing is open any more. */
export const settledClosings = (system: System, waitlistId: string): Promise<Told[]> =>
  eventually(async () => {
    const closings = await closingsIn(system, waitlistId);
    const [first = [], ...others] = Object.values(closings);
    for (const other of others) assert.deepEqual(other, first);
    assert.equal(others.length, 2);
    assert.ok(first.length > 0 && first.every((told) => told !== null), "an invite is open");
    return first;
  }, 60_000);

type Told = Pick<Closing, "how" | "offset" | "attempt"> | null;

interface Stored {
  waitlistId: string;
  places: { position: number; invite?: { closed?: Closing } }[];
}

const toldBy = (closed: Closing | undefined): Told =>
  closed
    ? { how: closed.how, offset: closed.offset, ...(closed.attempt ? { attempt: closed.attempt } : {}) }
    : null;
