import { readFile } from "node:fs/promises";
import { Type } from "@sinclair/typebox";
import { describe, expect, it } from "vitest";
import { documentOf, FILE } from "./document.ts";
import { COMMANDS, LAUNCHER, SERVICES } from "./processes.ts";
import { rowsOf, tableOf } from "./table.ts";

describe("docs/settings.md", () => {
  it("is what the schemas make of it (otherwise: npx --yes pnpm@12.21.0 settings)", async () => {
    expect(await readFile(FILE, "utf8")).toBe(documentOf());
  });

  it.each(Object.entries({ ...SERVICES, ...LAUNCHER, ...COMMANDS }))(
    "names every setting of %s",
    (_name, schema) => {
      const text = documentOf();
      for (const setting of Object.keys(schema.properties)) expect(text).toContain(`| \`${setting}\` |`);
    },
  );
});

describe("a setting's row", () => {
  const limit = Type.Integer({ minimum: 1, maximum: 9, default: 5, unit: "ms", description: "how long" });

  it("says its values, its default with the unit, and who reads it", () => {
    const table = tableOf(rowsOf({ one: Type.Object({ LIMIT: limit }), two: Type.Object({}) }), 2);
    expect(table).toContain("| `LIMIT` | one | `5 ms` | a whole number from 1 to 9 ms | how long |");
  });

  it("is one for all where all see the same, and another where one sees it otherwise", () => {
    const table = (other: typeof limit) =>
      tableOf(rowsOf({ one: Type.Object({ LIMIT: limit }), two: Type.Object({ LIMIT: other }) }), 2);
    expect(table(limit)).toContain("| `LIMIT` | all |");
    expect(table({ ...limit, default: 6 })).toMatch(/\| one \| `5 ms`.*\n.*\| two \| `6 ms`/);
  });

  it("tells what must be given from what may be left out, and marks secrets", () => {
    const needed = Type.String({ description: "a key", secret: true });
    const schema = Type.Object({ KEY: needed, MAYBE: Type.Optional(Type.String({ description: "a wish" })) });
    const table = tableOf(rowsOf({ one: schema }), 1);
    expect(table).toContain("| `KEY` | one | **must be given** | text | a key. Secret |");
    expect(table).toContain("| `MAYBE` | one | none | text | a wish |");
  });

  it("can't be without a description", () => {
    expect(() => rowsOf({ one: Type.Object({ SILENT: Type.String() }) })).toThrow(
      "SILENT has no description.",
    );
  });
});
