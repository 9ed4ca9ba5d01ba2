import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { decodeEvent, EVENTS } from "../src/index.ts";

const folder = new URL("golden/", import.meta.url);
const files = readdirSync(folder);

describe("an event written once can be read for ever", () => {
  test("every version of every event has a golden file", () => {
    const versions = Object.values(EVENTS).flatMap(({ type, version }) =>
      Array.from({ length: version }, (_, index) => `${type}.v${index + 1}.json`),
    );
    // Beside it, others of the same version: `<type>.v<n>.<what>.json`.
    const plain = files.map((file) => file.replace(/^(\w+\.v\d+)\.[a-z-]+\.json$/, "$1.json"));
    expect([...new Set(plain)].sort()).toEqual(versions.sort());
  });

  test.for(files)("%s is read whole", (file) => {
    const decoded = decodeEvent(readFileSync(new URL(file, folder)));
    expect(decoded).toMatchObject({ kind: "event", event: { type: file.split(".", 1)[0] } });
    expect(decoded).not.toHaveProperty("unreadable");
  });
});
