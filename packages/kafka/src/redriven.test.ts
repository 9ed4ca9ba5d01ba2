import { describe, expect, it } from "vitest";
import { readRedriven, redrivenHeaders } from "./redriven.ts";

describe("a redriven record", () => {
  const headers = redrivenHeaders({ partition: 3, offset: 17, by: "ops" });

  it("names where it stood and who put it back", () => {
    expect(readRedriven(headers, { partition: 3, offset: 40 })).toEqual({ from: 17, by: "ops" });
  });

  it.each([
    ["a record that nobody redrove", {}, 3],
    ["one of another partition", headers, 4],
    ["one from its own future", redrivenHeaders({ partition: 3, offset: 40, by: "ops" }), 3],
    ["a name that is none", { ...headers, "redriven-offset": "-1" }, 3],
    ["a name of many digits", { ...headers, "redriven-offset": "9".repeat(30) }, 3],
  ])("is not %s", (_what, said, partition) => {
    expect(readRedriven(said, { partition, offset: 40 })).toBeUndefined();
  });
});
