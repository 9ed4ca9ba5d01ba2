import { entryIdOf, partitionOf, type StoredEntry } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createWorld, definitionWith, LIST, PARTITIONS, SECRET, type World } from "./support.ts";

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ revealPosition: "on-signup" }));
  // What is made ready for a first request isn't to be taken for a wait.
  await world.app.ready();
});
afterEach(() => world.close());

const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
const partition = partitionOf(LIST, PARTITIONS);
const place: StoredEntry = {
  waitlistId: LIST,
  entryId,
  status: "waiting",
  position: 3,
  ahead: 2,
  joinedAt: "2026-03-01T09:30:00.020Z",
  referralCode: entryId.slice(0, 10),
  referrals: 0,
  joinOffset: 100,
};

const signUp = (prefer: string) =>
  world.app.inject({
    method: "POST",
    url: `/v1/waitlists/${LIST}/entries`,
    payload: { email: "ada@example.com" },
    headers: { prefer },
  });

/** Waits for the signup to be on the log, then does what storage would. */
async function storeWhenAccepted(next: number): Promise<void> {
  await vi.waitUntil(() => world.events.length > 0);
  world.entries.set(entryId, place);
  world.waits.announce(partition, next);
}

describe("Prefer: wait", () => {
  it("answers with the place as soon as it is stored", async () => {
    const [response] = await Promise.all([signUp("wait=5"), storeWhenAccepted(101)]);
    expect(response.statusCode).toBe(201);
    expect(response.headers["preference-applied"]).toBe("wait=5");
    expect(response.json()).toMatchObject({ entryId, status: "waiting", position: 3, ahead: 2 });
  });

  it("doesn't wait for what was announced before", async () => {
    world.entries.set(entryId, place);
    world.waits.announce(partition, 101);
    expect((await signUp("wait=5")).statusCode).toBe(201);
  });

  it("shows a repeat its place", async () => {
    world.waits.announce(partition, 200);
    world.model.answer = { next: 200, entry: { ...place, joinOffset: 11, position: 1, ahead: 0 } };
    expect((await signUp("wait=5")).json()).toMatchObject({ position: 1, ahead: 0 });
  });

  it("answers 202 when the wait runs out", async () => {
    const [response] = await Promise.all([signUp("wait=1"), storeWhenAccepted(100)]);
    expect(response.statusCode).toBe(202);
    expect(response.json().status).toBe("accepted");
  });

  it("answers 202 at once while no announcements are heard", async () => {
    world.waits.setListening(false);
    const started = performance.now();
    expect((await signUp("wait=5")).statusCode).toBe(202);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("answers 202 when the place can't be read", async () => {
    world.waits.announce(partition, 101);
    await world.app.inject(`/v1/waitlists/${LIST}`);
    world.broken.storage = true;
    expect((await signUp("wait=5")).statusCode).toBe(202);
  });

  it("ends with the service, and what was accepted is answered", async () => {
    const answered = signUp("wait=10");
    await vi.waitUntil(() => world.events.length > 0);
    await world.app.close();
    expect((await answered).statusCode).toBe(202);
  });
});
