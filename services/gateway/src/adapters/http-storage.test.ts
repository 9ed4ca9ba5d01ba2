import { partitionOf } from "@waitlist/contracts";
import { createLogger } from "@waitlist/runtime";
import { describe, expect, it, vi } from "vitest";
import { InstallationMismatch } from "../ports.ts";
import { createHttpStorage } from "./http-storage.ts";

const ours = { secretFingerprint: "ours", partitions: 12 };
const get = vi.fn();
const post = vi.fn();
const learn = vi.fn();
const storage = createHttpStorage({ get, post }, ours, {
  known: { learn },
  log: createLogger("test", "silent"),
});

describe("storage", () => {
  it("is asked for a page by the fields of the query that are given", async () => {
    get.mockResolvedValueOnce({ items: [], next: null });
    await storage.entries("socialode", { limit: 5, q: "a&b=c" });
    expect(get).toHaveBeenLastCalledWith("/internal/waitlists/socialode/entries?limit=5&q=a%26b%3Dc");
  });

  it("is asked for people by their ids, as many as there are", async () => {
    post.mockResolvedValueOnce({ items: [] });
    await storage.people("socialode", ["a", "b"]);
    expect(post).toHaveBeenLastCalledWith("/internal/waitlists/socialode/people", { entryIds: ["a", "b"] });
  });

  it("is asked for what an event defined, or was in force at an offset", async () => {
    get.mockResolvedValue(null);
    await storage.defined("socialode", "d-1");
    expect(get).toHaveBeenLastCalledWith("/internal/waitlists/socialode/definitions/d-1");
    await storage.waitlist("socialode", 7);
    expect(get).toHaveBeenLastCalledWith("/internal/waitlists/socialode?at=7");
  });

  it.each([
    ["another secret", { ...ours, secretFingerprint: "theirs" }],
    ["another number of partitions", { ...ours, partitions: 3 }],
  ])("is refused with %s", async (_what, installation) => {
    get.mockResolvedValueOnce(installation);
    await expect(storage.ensureInstallation()).rejects.toThrow(InstallationMismatch);
    get.mockResolvedValueOnce({ waitlistId: "a", installation });
    await expect(storage.waitlist("a")).rejects.toThrow(InstallationMismatch);
  });

  it("tells how long the log was, with each list", async () => {
    get.mockResolvedValueOnce({ waitlistId: "socialode", installation: ours, next: 41 });
    await storage.waitlist("socialode");
    expect(learn).toHaveBeenLastCalledWith(partitionOf("socialode", 12), 41);
  });

  it("is refused where it doesn't say what it was begun with", async () => {
    get.mockResolvedValueOnce(null);
    await expect(storage.ensureInstallation()).rejects.toThrow(InstallationMismatch);
  });

  it("is used where it fits", async () => {
    get.mockResolvedValueOnce(ours);
    await storage.ensureInstallation();
    get.mockResolvedValueOnce(null);
    expect(await storage.waitlist("a")).toBeNull();
  });
});
