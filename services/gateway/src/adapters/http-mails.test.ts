import { expect, it, vi } from "vitest";
import { createHttpMails } from "./http-mails.ts";

const get = vi.fn();
const mails = createHttpMails({ get, post: get });

it("mails are asked for by the fields of the query that are given", async () => {
  get.mockResolvedValueOnce({ items: [], next: null });
  await mails.list("socialode", { limit: 5, status: "failed", after: "001.welcome:a:0" });
  expect(get).toHaveBeenLastCalledWith(
    "/internal/waitlists/socialode/mails?limit=5&status=failed&after=001.welcome%3Aa%3A0",
  );
});

it("one mail is asked for by its id, whatever stands in that", async () => {
  get.mockResolvedValueOnce(null);
  expect(await mails.find("socialode", "welcome:a:0/../x?y")).toBeNull();
  expect(get).toHaveBeenLastCalledWith("/internal/waitlists/socialode/mails/welcome%3Aa%3A0%2F..%2Fx%3Fy");
});

it("a service that knows no counts is an older one, and not there yet", async () => {
  get.mockResolvedValueOnce(null);
  await expect(mails.counts("socialode")).rejects.toMatchObject({ code: "unavailable" });
});
