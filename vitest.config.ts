import { defineConfig } from "vitest/config";

const source = ["packages/*", "services/*"];

export default defineConfig({
  test: {
    // Vitest leaves one core to itself: of two that is half of all.
    maxWorkers: "100%",
    projects: [
      {
        test: {
          name: "unit",
          // No file changes what another one sees; to load everything anew for each took a third of the time.
          isolate: false,
          sequence: { groupOrder: 0 },
          include: source.flatMap((dir) => [`${dir}/src/**/*.test.ts`, `${dir}/test/**/*.test.ts`]),
          exclude: ["**/node_modules/**", "**/*.int.test.ts", "**/*.e2e.test.ts", "**/*.full.test.ts"],
          // Of thousands of made-up histories, on a slow machine.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          name: "integration",
          sequence: { groupOrder: 1 },
          include: source.map((dir) => `${dir}/test/**/*.int.test.ts`),
          globalSetup: "packages/testing/src/backing-setup.ts",
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: "e2e",
          include: source.map((dir) => `${dir}/test/**/*.e2e.test.ts`),
          // Each file starts the whole system: one after the other, when nothing else runs.
          sequence: { groupOrder: 2 },
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: "full",
          // What takes minutes: `test:full` runs all of it, `test` everything else.
          include: source.map((dir) => `${dir}/test/**/*.full.test.ts`),
          globalSetup: "packages/testing/src/backing-setup.ts",
          sequence: { groupOrder: 3 },
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
