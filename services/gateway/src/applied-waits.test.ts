import { describe, expect, it, vi } from "vitest";
import { createAppliedWaits } from "./applied-waits.ts";

function listening() {
  const waits = createAppliedWaits();
  waits.setListening(true);
  return waits;
}
const at = (offset: number, partition = 1) => ({ partition, offset });

describe("waiting for what is stored", () => {
  it("ends with the announcement that passes the offset, in that partition", async () => {
    const waits = listening();
    const settled = vi.fn();
    const waiting = waits.applied(at(10), 5000).then(settled);
    waits.announce(1, 10);
    waits.announce(2, 99);
    await Promise.resolve();
    expect(settled).not.toHaveBeenCalled();
    waits.announce(1, 11);
    await waiting;
    expect(settled).toHaveBeenCalledWith(true);
  });

  it("ends at once for what was announced before, even by an announcement before the last", async () => {
    const waits = listening();
    waits.announce(1, 11);
    waits.announce(1, 5);
    expect(await waits.applied(at(10), 0)).toBe(true);
  });

  it("believes nothing of before an interruption", async () => {
    const waits = listening();
    waits.announce(1, 11);
    waits.setListening(false);
    expect(await waits.applied(at(10), 5000)).toBe(false);
    waits.setListening(true);
    expect(await waits.applied(at(10), 1)).toBe(false);
  });

  it("survives an interruption, for what is announced after it", async () => {
    const waits = listening();
    const waiting = waits.applied(at(10), 5000);
    waits.setListening(false);
    waits.setListening(true);
    waits.announce(1, 11);
    expect(await waiting).toBe(true);
  });

  it("ends without an answer at the close", async () => {
    const waits = listening();
    const waiting = [waits.applied(at(10), 5000), waits.applied(at(12, 3), 5000)];
    waits.close();
    expect(await Promise.all(waiting)).toEqual([false, false]);
    expect(await waits.applied(at(10), 5000)).toBe(false);
  });
});
