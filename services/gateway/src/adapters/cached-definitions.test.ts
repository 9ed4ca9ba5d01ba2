import type { StoredWaitlist } from "@waitlist/contracts";
import { createLogger } from "@waitlist/runtime";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { InstallationMismatch } from "../ports.ts";
import { createCachedDefinitions } from "./cached-definitions.ts";

const log = createLogger("test", "silent");
const stored = (offset: number): StoredWaitlist => ({ waitlistId: "a", offset }) as StoredWaitlist;

let now: number;
const waitlist = vi.fn<(id: string) => Promise<StoredWaitlist | null>>();
const create = () => createCachedDefinitions({ waitlist }, () => now, log);
beforeEach(() => {
  now = 1_000_000;
  waitlist.mockReset().mockResolvedValue(stored(1));
});

describe("known lists", () => {
  it("are read once for all who ask at the same time, and then not for two seconds", async () => {
    const { get } = create();
    await Promise.all([get("a"), get("a"), get("a")]);
    now += 1999;
    await get("a");
    expect(waitlist).toHaveBeenCalledTimes(1);
  });

  it("are served while they are read anew", async () => {
    const { get } = create();
    await get("a");
    now += 2000;
    waitlist.mockResolvedValue(stored(2));
    expect((await get("a"))?.offset).toBe(1);
    await vi.waitFor(async () => expect((await get("a"))?.offset).toBe(2));
    expect(waitlist).toHaveBeenCalledTimes(2);
  });

  it("are waited for when what is known is older than ten seconds", async () => {
    const { get } = create();
    await get("a");
    now += 10_000;
    waitlist.mockResolvedValue(stored(2));
    expect((await get("a"))?.offset).toBe(2);
  });

  it("outlive an outage of storage by a day; it isn't asked for each signup", async () => {
    const { get } = create();
    await get("a");
    waitlist.mockRejectedValue(new Error("away"));
    now += 10_000;
    for (let i = 0; i < 50; i++) expect((await get("a"))?.offset).toBe(1);
    expect(waitlist).toHaveBeenCalledTimes(2);
    now += 24 * 3_600_000 - 10_000;
    expect((await get("a"))?.offset).toBe(1);
    now += 1000;
    await expect(get("a")).rejects.toThrow("away");
  });

  it("are served without waiting while a storage that hangs is asked again", async () => {
    const { get } = create();
    await get("a");
    waitlist.mockRejectedValue(new Error("away"));
    now += 10_000;
    await get("a");
    now += 1000;
    waitlist.mockReturnValue(new Promise(() => undefined));
    expect((await get("a"))?.offset).toBe(1);
    expect(waitlist).toHaveBeenCalledTimes(3);
  });

  it("are not used any more once storage's data turns out to be another's", async () => {
    const { get } = create();
    await get("a");
    waitlist.mockRejectedValue(new InstallationMismatch());
    now += 5000;
    await get("a");
    await vi.waitFor(() => expect(get("a")).rejects.toThrow(InstallationMismatch));
  });

  it("are replaced by what was just put, and not by a reading that began before", async () => {
    const { get, put } = create();
    await get("a");
    now += 5000;
    const { promise, resolve } = Promise.withResolvers<StoredWaitlist>();
    waitlist.mockReturnValue(promise);
    await get("a");
    put(stored(9));
    resolve(stored(1));
    await promise;
    expect((await get("a"))?.offset).toBe(9);
  });
});

describe("lists that aren't there", () => {
  it("are asked for again after a second, and at once after a put", async () => {
    waitlist.mockResolvedValue(null);
    const { get, put } = create();
    expect([await get("a"), await get("a")]).toEqual([null, null]);
    expect(waitlist).toHaveBeenCalledTimes(1);
    now += 1000;
    await get("a");
    expect(waitlist).toHaveBeenCalledTimes(2);
    put(stored(3));
    expect((await get("a"))?.offset).toBe(3);
  });

  it("are an error while storage is away, not an absence", async () => {
    waitlist.mockRejectedValue(new Error("away"));
    await expect(create().get("a")).rejects.toThrow("away");
  });

  it("are forgotten when they are deleted", async () => {
    const { get } = create();
    await get("a");
    now += 10_000;
    waitlist.mockResolvedValue(null);
    expect(await get("a")).toBeNull();
    expect(await get("a")).toBeNull();
  });
});
