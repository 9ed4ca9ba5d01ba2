import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { readAlerts, readExpressions } from "./expressions.ts";
import { familyOf, metricNames } from "./metric-names.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

test.each(readAlerts())(
  "$alert has a runbook that begins with the command to type",
  ({ alert, annotations }) => {
    const file = `${root}${annotations.runbook}`;
    expect(existsSync(file), annotations.runbook).toBe(true);
    const page = readFileSync(file, "utf8");
    expect(page).toMatch(/^```sh\n\S.*\n```\n/);
    expect(page).toContain(alert);
  },
);

test.each(readExpressions())("$where is PromQL about metrics", ({ promql }) => {
  expect(metricNames(promql)).not.toEqual([]);
});

test("names are found wherever they stand, and nothing else is taken for one", () => {
  const promql = 'sum by (le) (rate(a_bucket{kind="b"}[5m])) / on (d) max(c offset 5m) > bool 0.5 * e_total';
  expect(metricNames(promql)).toEqual(["a_bucket", "c", "e_total"]);
  expect(familyOf("a_bucket", new Set(["a"]))).toBe("a");
  expect(familyOf("records_count", new Set(["records_count"]))).toBe("records_count");
});

test("what is no PromQL is refused", () => {
  expect(() => metricNames("sum by (a (b)")).toThrow("no PromQL");
});
