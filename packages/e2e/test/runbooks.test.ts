// Every page that an error names is there, begins with the command to type, and is found from those that alerts lead to.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGES = join(ROOT, "docs/runbooks");
const SOURCES = ["packages/kafka/src", "packages/roster/src", "services/gateway/src"];

const texts = SOURCES.flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(ROOT, folder, file), "utf8")),
);

/** Whole paths, and names that `runbook` or a `HistoryError` makes one of. */
const NAMES = /(?:docs\/runbooks\/|runbook\("|super\(message, partition, ")([a-z-]+)/g;
const named = new Set(texts.flatMap((text) => [...text.matchAll(NAMES)].map(([, name = ""]) => name)));

const guards = [...named].map((name) => `${name}.md`);
/** Guards that stop a partition, not its service. */
const PAUSES = ["added-partitions.md", "newer-events.md"];

const linksOf = (page: string): string[] =>
  [...readFileSync(join(PAGES, page), "utf8").matchAll(/\]\(([^)#]+)[^)]*\)/g)].map(([, link = ""]) => link);

describe("runbooks", () => {
  test("are there for every guard", () => {
    expect([...named].sort()).toEqual([
      "added-partitions",
      "another-id-secret",
      "impossible-cursor",
      "newer-events",
      "recreated-topic",
      "trimmed-log",
    ]);
  });

  test.for([...named])("%s begins with the command to type, and says what is the matter", (name) => {
    const page = readFileSync(join(PAGES, `${name}.md`), "utf8");
    expect(page).toMatch(/^```sh\n\S.*\n```\n\n# \S/);
  });

  test("are all listed", () => {
    const pages = readdirSync(PAGES).filter((file) => file !== "README.md");
    expect(linksOf("README.md").sort()).toEqual(pages.sort());
  });

  test("of guards are linked where a stopped service, or a paused partition, is looked up", () => {
    const stops = guards.filter((name) => !PAUSES.includes(name));
    expect(linksOf("service-restarts.md")).toEqual(expect.arrayContaining(stops));
    expect(linksOf("service-down.md")).toEqual(expect.arrayContaining(stops));
    expect(linksOf("history-paused.md")).toEqual(expect.arrayContaining(PAUSES));
  });

  test("link nothing that isn't there", () => {
    for (const page of readdirSync(PAGES)) {
      for (const link of linksOf(page)) expect(existsSync(join(PAGES, link)), `${page}: ${link}`).toBe(true);
    }
  });
});
