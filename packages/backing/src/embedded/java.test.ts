import { expect, it } from "vitest";
import { MissingPrerequisite } from "../errors.ts";
import { findJava, majorOf } from "./java.ts";

it("reads the major version of old and new Javas", () => {
  expect(majorOf('openjdk version "17.0.15" 2025-04-15')).toBe(17);
  expect(majorOf('java version "1.8.0_292"')).toBe(8);
  expect(majorOf('openjdk version "25" 2025-09-16')).toBe(25);
});

it("says in one sentence what to install where there is no Java", async () => {
  const failure = await findJava({ PATH: "/nowhere" }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MissingPrerequisite);
  expect((failure as Error).message).toMatch(
    /^There is no Java in the PATH: install a JDK 17 or newer \(.*\)\.$/,
  );
});
