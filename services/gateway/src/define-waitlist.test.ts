import { Value } from "@sinclair/typebox/value";
import { type StoredWaitlist, WaitlistDefinition, type WaitlistEvent } from "@waitlist/contracts";
import { describe, expect, it } from "vitest";
import { createDefineWaitlist } from "./define-waitlist.ts";

const LIST = "socialode";
const definition = Value.Default(WaitlistDefinition, { name: "B" }) as WaitlistDefinition;
const request = {
  ...{ waitlistId: LIST, definition, ifMatch: undefined },
  ...{ key: "k", definedBy: "boss" },
};

describe("a definition that is on its way twice under one key", () => {
  it("is answered as the first of the two, though another change came between them", async () => {
    const storedAs = (offset: number, eventId: string) =>
      ({ waitlistId: LIST, offset, eventId }) as StoredWaitlist;
    const events: WaitlistEvent[] = [];
    const known: StoredWaitlist[] = [];
    const define = createDefineWaitlist({
      storage: {
        ensureInstallation: async () => undefined,
        // Nothing was there when it was looked for; by the time it is read back, the twin and the change are.
        waitlist: async () => known.at(-1) ?? null,
        defined: async (_list, eventId) => known.find((each) => each.eventId === eventId) ?? null,
      },
      log: {
        append: async (event) => {
          events.push(event);
          known.push(storedAs(5, event.id), storedAs(6, "another"));
          return { partition: 0, offset: 7 };
        },
      },
      definitions: {
        ...{ get: async () => null, peek: () => null },
        ...{ put: () => undefined, forget: () => undefined },
      },
      ...{ clock: () => 0, secret: "a secret for tests only", stopping: new AbortController().signal },
    });
    expect((await define(request)).stored).toMatchObject({ offset: 5 });
    // Again, when both are known: nothing is put on the log.
    expect((await define(request)).stored).toMatchObject({ offset: 5 });
    expect(events.map(({ id }) => id)).toEqual([known[0]?.eventId]);
  });
});
