import { ProblemError } from "@waitlist/contracts";
import { describe, expect, it, vi } from "vitest";
import type { InviteBatches } from "./ports.ts";
import { untilReadable } from "./readable-batch.ts";

type Find = InviteBatches["find"];
const found = { batchId: "b-1" } as Awaited<ReturnType<Find>>;

function waitWith(find: Find, patienceMs = 5000) {
  const log = { warn: vi.fn() };
  return { log, done: untilReadable({ find }, { waitlistId: "socialode", batchId: "b-1", patienceMs }, log) };
}

describe("a batch that was asked for", () => {
  it("is waited for until it can be read", async () => {
    const find = vi
      .fn<Find>()
      .mockResolvedValueOnce(null)
      .mockResolvedValueOnce(null)
      .mockResolvedValue(found);
    await waitWith(find).done;
    expect(find.mock.calls).toEqual(Array(3).fill(["socialode", "b-1"]));
  });

  it("isn't waited for where the invite service can't be asked, which is logged", async () => {
    for (const error of [new ProblemError("unavailable"), new SyntaxError("half an answer")]) {
      const find = vi.fn<Find>().mockRejectedValue(error);
      const { done, log } = waitWith(find);
      await done;
      expect(find).toHaveBeenCalledTimes(1);
      expect(log.warn).toHaveBeenCalledOnce();
    }
  });

  it("is waited for no longer than there is patience, though nothing is answered at all", async () => {
    const { promise } = Promise.withResolvers<null>();
    const find = vi.fn<Find>().mockReturnValue(promise);
    await waitWith(find, 30).done;
    expect(find).toHaveBeenCalledTimes(1);
  });
});
