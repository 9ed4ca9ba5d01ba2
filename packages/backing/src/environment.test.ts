import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { urlFromEnvironment } from "./environment.ts";

it("takes a URL from its variable, or from the file that the variable names", async () => {
  const folder = await mkdtemp(join(tmpdir(), "waitlist-environment-"));
  const file = join(folder, "url");
  await writeFile(file, "mongodb://db.example:27017\n");
  const env = { REDIS_URL: "redis://cache.example", MONGODB_URL_FILE: file, SMTP_URL: "" };
  expect(await urlFromEnvironment("redis", env)).toBe("redis://cache.example");
  expect(await urlFromEnvironment("mongodb", env)).toBe("mongodb://db.example:27017");
  expect(await urlFromEnvironment("mailbox", env)).toBeNull();
  await rm(folder, { recursive: true });
});
