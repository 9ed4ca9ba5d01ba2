import { expect, test } from "vitest";
import { readableOn } from "./contrast.ts";

test("what is written on a colour is black or white, whichever is read better", () => {
  expect(readableOn("#000000")).toBe("#ffffff");
  expect(readableOn("#ffffff")).toBe("#111827");
  expect(readableOn("#20c5c5")).toBe("#111827");
  expect(readableOn("#4f46e5")).toBe("#ffffff");
});
