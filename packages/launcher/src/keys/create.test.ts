import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { hashAdminKey } from "@waitlist/contracts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../settings.ts";
import { readCreateRequest } from "./create.ts";

const main = fileURLToPath(new URL("main.ts", import.meta.url));
const keys = (...args: string[]) => promisify(execFile)(process.execPath, [main, ...args]);

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "waitlist-keys-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe("keys create", () => {
  it("shows the key alone on standard output, and the line with its hash beside it", async () => {
    const { stdout, stderr } = await keys("create", "launch", "--scopes", "admin,redeem");
    const key = stdout.trim();
    expect(key).toMatch(/^wl_[A-Za-z0-9_-]{32}$/);
    expect(stderr).toContain(`launch:admin+redeem:${hashAdminKey(key).toString("hex")}`);
    expect(stderr).not.toContain(key);
  });

  it("adds the hash to a file that only its owner reads, and never the key", async () => {
    const file = join(home, "keys.txt");
    const first = await keys("create", "looker", "--file", file);
    const second = await keys("create", "boss", "--scopes", "admin", "--file", file);
    const [one, two] = [first, second].map(({ stdout }) => hashAdminKey(stdout.trim()).toString("hex"));
    expect(await readFile(file, "utf8")).toBe(`looker:read:${one}\nboss:admin:${two}\n`);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("says in a sentence what is wrong, with exit code 2", async () => {
    await expect(keys("create", "a", "--scopes", "root")).rejects.toMatchObject({
      ...{
        code: 2,
        stdout: "",
        stderr: "Scopes are some of read, admin, ops, redeem, separated by commas.\n",
      },
    });
    await expect(keys("create", "a", "--file", join(home, "no", "where"))).rejects.toMatchObject({ code: 2 });
    await expect(keys("list")).rejects.toMatchObject({ stderr: expect.stringContaining("Usage:") });
  });

  it.each([[[]], [["a", "b"]], [["a b"]], [["a:admin"]], [["a", "--scopes", ""]], [["a", "--admin"]]])(
    "refuses %j",
    (args) => {
      expect(() => readCreateRequest(args)).toThrow(UsageError);
    },
  );
});
