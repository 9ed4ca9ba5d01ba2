// Settings that are given as files, as orchestrators mount secrets.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Type } from "@sinclair/typebox";
import { afterAll, describe, expect, it } from "vitest";
import { ConfigError, readConfig } from "../src/config.ts";

const folder = mkdtempSync(join(tmpdir(), "waitlist-config-"));
afterAll(() => rmSync(folder, { recursive: true }));

const schema = Type.Object({ SECRET: Type.String({ minLength: 4 }), PORT: Type.Integer({ default: 1 }) });
const file = (content: string) => {
  const path = join(folder, String(Math.random()));
  writeFileSync(path, content);
  return path;
};

describe("a setting", () => {
  it("is read from the file that its _FILE names, without the line's end, as text or as a number", () => {
    expect(readConfig(schema, { SECRET_FILE: file("hush hush\n"), PORT_FILE: file("8080") })).toEqual({
      ...{ SECRET: "hush hush", PORT: 8080 },
    });
  });

  it("that is given itself, too, is taken from there", () => {
    expect(readConfig(schema, { SECRET: "itself", SECRET_FILE: join(folder, "none") }).SECRET).toBe("itself");
  });

  it("whose file can't be read is an error that names the setting, and not the path", () => {
    const read = () => readConfig(schema, { SECRET_FILE: join(folder, "missing") });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow("SECRET_FILE names a file that can't be read.");
  });

  it("whose file holds what doesn't fit is an error that doesn't repeat it", () => {
    expect(() => readConfig(schema, { SECRET_FILE: file("abc") })).toThrow(/^(?!.*abc).*SECRET/);
    expect(() => readConfig(schema, { SECRET_FILE: file("") })).toThrow(/SECRET/);
  });
});

describe("all that is wrong", () => {
  const rules = [
    {
      of: ["SECRET" as const],
      check: ({ SECRET }: { SECRET: string }) => {
        if (SECRET === "guessed") throw new ConfigError("SECRET is known to all.");
      },
    },
  ];
  const whyNot = (env: Record<string, string>) => {
    try {
      readConfig(schema, env, rules);
    } catch (error) {
      return (error as Error).message;
    }
    return null;
  };

  it("is named in one error, what rules say with what the schema says", () => {
    expect(whyNot({ SECRET: "guessed", PORT: "x" })).toBe(
      "Settings are missing or wrong. PORT must be a whole number; SECRET is known to all.",
    );
    expect(whyNot({ SECRET: "unguessed" })).toBeNull();
  });

  it("is named once for each setting, and no rule is asked about one that doesn't fit", () => {
    expect(whyNot({})).toBe(
      "Settings are missing or wrong. SECRET is missing (text of at least 4 characters).",
    );
  });

  it("includes a file that can't be read, which hides nothing else", () => {
    expect(whyNot({ SECRET_FILE: join(folder, "missing"), PORT: "x" })).toBe(
      "Settings are missing or wrong. SECRET_FILE names a file that can't be read; PORT must be a whole number.",
    );
  });

  it("is thrown as it is where a rule fails for another reason", () => {
    const broken = [{ of: [], check: () => JSON.parse("{") }];
    expect(() => readConfig(schema, { SECRET: "unguessed" }, broken)).toThrow(SyntaxError);
  });
});
