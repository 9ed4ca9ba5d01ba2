import { secretFingerprint } from "@waitlist/contracts";
import { expect, it } from "vitest";
import { readInstallation } from "./installation.ts";

const secret = "a secret of the tests";
const begun = { secretFingerprint: secretFingerprint(secret), partitions: 12 };

it("an audit takes the number of partitions that the databases were begun with", async () => {
  expect(await readInstallation({ installation: async () => begun }, { secret, asked: null })).toBe(12);
});

it.each([
  ["another secret", { ...begun, secretFingerprint: "another" }, "another ENTRY_ID_SECRET"],
  ["another number of partitions", { ...begun, partitions: 3 }, "EVENT_PARTITIONS=3, not 12"],
  ["nothing in it", null, "has never run"],
])("an audit isn't begun on a database with %s", async (_, found, sentence) => {
  const reading = readInstallation({ installation: async () => found }, { secret, asked: 12 });
  await expect(reading).rejects.toThrow(sentence);
});
