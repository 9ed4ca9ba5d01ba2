import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { createCoalescer } from "./coalescer.ts";

/** A write that waits to be told how it ends. */
function createHeldWrite() {
  const writes: { items: number[]; end: (results: string[] | Error) => void }[] = [];
  const write = vi.fn((items: number[]) => {
    const { promise, resolve, reject } = Promise.withResolvers<string[]>();
    const end = (results: string[] | Error) =>
      results instanceof Error ? reject(results) : resolve(results);
    writes.push({ items, end });
    return promise;
  });
  const number = async (index: number) => {
    await vi.waitFor(() => expect(writes.length).toBeGreaterThan(index));
    const found = writes[index];
    if (!found) throw new Error("no such write");
    return found;
  };
  return { write, number };
}

test("what is asked for in one turn, and while a write is in flight, goes together in order; each gets its own result", async () => {
  const held = createHeldWrite();
  const submit = createCoalescer(held.write);
  const early = [submit(1), submit(2)];
  const first = await held.number(0);
  const late = [submit(3), submit(4), submit(5)];
  expect(first.items).toEqual([1, 2]);
  first.end(["one", "two"]);
  expect(await Promise.all(early)).toEqual(["one", "two"]);
  const second = await held.number(1);
  expect(second.items).toEqual([3, 4, 5]);
  second.end(["three", "four", "five"]);
  expect(await Promise.all(late)).toEqual(["three", "four", "five"]);
});

test("an outage fails all that went together, and nobody who came later", async () => {
  const held = createHeldWrite();
  const submit = createCoalescer(held.write);
  const together = Promise.allSettled([submit(1), submit(2)]);
  const first = await held.number(0);
  const later = submit(3);
  const away = new Error("away");
  first.end(away);
  expect(await together).toEqual([1, 2].map(() => ({ status: "rejected", reason: away })));
  (await held.number(1)).end(["three"]);
  expect(await later).toBe("three");
});

test("a write that answers for too few fails them all", async () => {
  const submit = createCoalescer(async () => ["only one"]);
  const results = await Promise.allSettled([submit(1), submit(2)]);
  expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
});

test("whoever asks when: one write at a time, each item written once, in order, and answered with its own result", async () => {
  const property = fc.asyncProperty(
    fc.array(fc.record({ turns: fc.nat(4), fails: fc.boolean() }), { minLength: 1, maxLength: 30 }),
    async (plan) => {
      const written: number[] = [];
      let inFlight = 0;
      const submit = createCoalescer(async (items: number[]) => {
        expect(++inFlight).toBe(1);
        written.push(...items);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        if (items.some((item) => plan[item]?.fails)) throw new Error(`batch ${items}`);
        return items.map((item) => `${item}`);
      });
      const asked: Promise<PromiseSettledResult<string>[]>[] = [];
      for (const [item, { turns }] of plan.entries()) {
        asked.push(Promise.allSettled([submit(item)]));
        for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      }
      const results = (await Promise.all(asked)).flat();
      expect(written).toEqual(plan.map((_one, item) => item));
      for (const [item, result] of results.entries()) {
        if (result.status === "fulfilled") expect(result.value).toBe(`${item}`);
        else expect(`${result.reason}`).toMatch(new RegExp(`[ ,]${item}(,|$)`));
        if (plan[item]?.fails) expect(result.status).toBe("rejected");
      }
    },
  );
  await fc.assert(property, { numRuns: 200 });
});
