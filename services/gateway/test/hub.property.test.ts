// In whatever order announcements, reads, sockets and clients come and go: once things are quiet, everybody sees the
// newest state, and nobody was shown the same state twice in a row.
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Shown } from "../src/live/look.ts";
import {
  type Client,
  claimsOf,
  createClient,
  createHubWorld,
  PARTITION,
  shownAs,
  unavailable,
} from "./hub-world.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => vi.useRealTimers());

const LISTS = ["one", "two"];
/** A list shows one of so many states: they come back. */
const STATES = 3;
const CLIENTS = 4;

const step = fc.record({
  does: fc.constantFrom(
    ...(["change", "change", "store", "hear", "hear", "hear", "lose", "resume"] as const),
    ...(["read", "read", "read", "fail", "take", "take", "leave", "open", "wait", "wait"] as const),
  ),
  pick: fc.nat(20),
  flag: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** What a hub must not do; each is tried, to see that it would be found out. */
interface Flaws {
  /** What was lost isn't read again. */
  neverResumes?: boolean;
  /** A client that comes back isn't asked what it has seen. */
  forgetful?: boolean;
}

function createPlay(flaws: Flaws) {
  const versions = LISTS.map(() => 0);
  const clients = Array.from({ length: CLIENTS }, (_, n) => createClient(claimsOf(LISTS[n % 2] ?? "", n)));
  const opening = new Set<Client>();
  /** Reads under way: what each would show if it was made when it began, and as it ends. */
  let reads: { early: Shown; late: () => Shown; settle: (shown: Shown | Error) => void }[] = [];
  let unheard: { partition: number; next: number; changed: string[] }[] = [];
  let lost = false;
  let next = 0;

  const truth = ({ waitlistId, joinOffset }: Client["claims"]): Shown => {
    if (joinOffset >= next) return shownAs("accepted", { waiting: true });
    return shownAs(`${waitlistId} ${(versions[LISTS.indexOf(waitlistId)] ?? 0) % STATES}`);
  };
  const { hub, open } = createHubWorld(
    (claims) =>
      new Promise((resolve, reject) => {
        const settle = (shown: Shown | Error) => (shown instanceof Error ? reject(shown) : resolve(shown));
        reads.push({ early: truth(claims), late: () => truth(claims), settle });
      }),
  );

  const take = <T>(from: T[], pick: number): T | undefined =>
    from.splice(pick % Math.max(1, from.length), 1)[0];
  const clientAt = (pick: number): Client => clients[pick % CLIENTS] as Client;
  const store = (changed: string[]) => unheard.push({ partition: PARTITION, next, changed });

  const steps: Record<Step["does"], (step: Step) => unknown> = {
    change: ({ pick }) => {
      versions[pick % 2] = (versions[pick % 2] ?? 0) + 1;
      store([LISTS[pick % 2] ?? ""]);
    },
    store: () => {
      next += 1;
      store([]);
    },
    hear: ({ pick, flag }) => {
      const heard = flag ? unheard[pick % Math.max(1, unheard.length)] : take(unheard, pick);
      if (heard) hub.announced(heard);
    },
    lose: () => {
      lost = true;
      unheard = [];
    },
    resume: () => {
      if (lost && !flaws.neverResumes) hub.resumed();
      lost = false;
    },
    read: ({ pick, flag }) => {
      const read = take(reads, pick);
      read?.settle(flag ? read.late() : read.early);
    },
    fail: ({ pick }) => take(reads, pick)?.settle(unavailable()),
    take: ({ pick }) => clientAt(pick).take?.(),
    leave: ({ pick }) => clientAt(pick).leave?.(),
    open: ({ pick, flag }) => {
      const client = clientAt(pick);
      if (client.leave || opening.has(client)) return;
      opening.add(client);
      const options = { slow: flag, ...(flaws.forgetful ? { seen: undefined } : {}) };
      open(client, options)
        .catch(() => false)
        .finally(() => opening.delete(client));
    },
    wait: ({ pick }) => vi.advanceTimersByTimeAsync(pick * 75),
  };

  /** All is heard, read and taken, until nothing happens any more. */
  async function quiet(): Promise<void> {
    for (const heard of unheard) hub.announced(heard);
    steps.resume({ does: "resume", pick: 0, flag: false });
    for (let round = 0; round < 12; round += 1) {
      for (const read of reads.splice(0)) read.settle(read.late());
      for (const client of clients) client.take?.();
      await vi.advanceTimersByTimeAsync(500);
    }
    reads = [];
  }

  return { steps, quiet, clients, truth, close: hub.close };
}

/** Everybody opens a stream; half of the places are stored. */
const begin: Step[] = [
  ...Array.from({ length: CLIENTS / 2 }, (): Step => ({ does: "store", pick: 0, flag: false })),
  ...Array.from({ length: CLIENTS }, (_, pick): Step => ({ does: "open", pick, flag: pick === 0 })),
  ...Array.from({ length: CLIENTS }, (): Step => ({ does: "read", pick: 0, flag: false })),
];

const everybodySeesTheNewest = (flaws: Flaws = {}) =>
  fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 150, size: "max" }), async (script) => {
    const { steps, quiet, clients, truth, close } = createPlay(flaws);
    for (const each of [...begin, ...script]) {
      await steps[each.does](each);
      await vi.advanceTimersByTimeAsync(0);
    }
    await quiet();
    for (const client of clients) {
      if (client.leave) expect(client.got.at(-1)).toBe(truth(client.claims).state.id);
      expect(client.got.filter((id, index) => id === client.got[index - 1])).toEqual([]);
    }
    close();
  });

const runs = { numRuns: 500 };

describe("everybody sees the newest state, and none twice in a row", () => {
  it("in any order of what happens", async () => {
    await fc.assert(everybodySeesTheNewest(), runs);
  });

  it.each([
    ["what was lost weren't read again", { neverResumes: true }],
    ["clients weren't asked what they have seen", { forgetful: true }],
  ])("but would not if %s", async (_what, flaws: Flaws) => {
    await expect(fc.assert(everybodySeesTheNewest(flaws), runs)).rejects.toThrow("Property failed");
  });
});
