import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { MissingPrerequisite } from "../errors.ts";
import { downloadedBytes, fetchJars } from "./maven.ts";

const line = (what: string) => `[INFO] Downloaded from central: https://repo.example/${what}`;

it("counts the jars that Maven reports, and nothing else", () => {
  expect(downloadedBytes(line("kafka-clients-4.1.1.jar (9.8 MB at 12 MB/s)"))).toBe(9_800_000);
  expect(downloadedBytes(line("javax.inject-1.jar (2.5 kB at 59 kB/s)"))).toBe(2500);
  expect(downloadedBytes(line("kafka_2.13-4.1.1.pom (5.0 kB at 20 kB/s)"))).toBeNull();
  expect(downloadedBytes("[INFO] Downloading from central: https://repo.example/a.jar")).toBeNull();
});

it("says in one sentence what to install where there is no Maven", async () => {
  const env = { PATH: "/nowhere" };
  const failure = await fetchJars("pom.xml", tmpdir(), env, () => undefined).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(MissingPrerequisite);
  expect((failure as Error).message).toMatch(/^There is no Maven \(mvn\) on the PATH: install it/);
});

it("says in one sentence that the first start needs the network where the jars can't be had", async () => {
  const failure = await fetchJars("/nowhere/pom.xml", tmpdir(), process.env, () => undefined).catch(
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(MissingPrerequisite);
  expect((failure as Error).message).toMatch(/^Maven could not fetch the jars .*\.$/);
});
