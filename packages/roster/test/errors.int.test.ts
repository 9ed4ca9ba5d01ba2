import { Registry } from "@waitlist/runtime";
import { uniqueName } from "@waitlist/testing";
import { expect, inject, test } from "vitest";
import { connectMongo } from "../src/mongo/connect.ts";

async function errorsOf(registry: Registry): Promise<Record<string, number>> {
  const metric = await registry.getSingleMetric("waitlist_mongodb_errors_total")?.get();
  return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [String(labels.kind), value]));
}

test("a database that is away counts, and one that answers does not", async () => {
  const registry = new Registry();
  const away = connectMongo("mongodb://127.0.0.1:1", uniqueName("errors"), registry);
  await expect(away.ping()).rejects.toThrow();
  expect((await errorsOf(registry)).heartbeat).toBeGreaterThan(0);
  await away.close();

  const well = new Registry();
  const there = connectMongo(inject("backing").mongodb, uniqueName("errors"), well);
  await there.ping();
  expect(await errorsOf(well)).toEqual({ heartbeat: 0, checkout: 0, pool: 0, connection: 0 });
  await there.close();
});
