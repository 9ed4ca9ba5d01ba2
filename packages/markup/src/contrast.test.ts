import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contrast, readableOn } from "./contrast.ts";

describe("contrast", () => {
  it("is that of WCAG", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
    expect(contrast("#123456", "#123456")).toBe(1);
  });
});

describe("what is written on a colour", () => {
  it.each([
    ["#000000", "#ffffff"],
    ["#ffffff", "#111827"],
    ["#20c5c5", "#111827"],
    ["#4f46e5", "#ffffff"],
  ])("on %s is %s", (color, text) => expect(readableOn(color)).toBe(text));

  it("can be read as a button's bold text on any colour", () => {
    const color = fc.integer({ min: 0, max: 0xffffff }).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);
    fc.assert(fc.property(color, (brand) => contrast(brand, readableOn(brand)) > 4.2));
  });
});
