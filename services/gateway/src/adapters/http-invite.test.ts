import { expect, it, vi } from "vitest";
import { createHttpInvite } from "./http-invite.ts";

const get = vi.fn(async () => null);
const { invites, batches } = createHttpInvite({ get, post: get }, { position: async () => ({ next: 0 }) });

it.each([
  ["7kqm x3rd 9wta", "7KQM-X3RD-9WTA"],
  ["7KQM-X3RD-9WTA", "7KQM-X3RD-9WTA"],
  // The invite service is asked all the same: what can't be a code takes the same way as a wrong one.
  ["0O1I", "-"],
  ["", "-"],
  ["../waitlists/x?wait=1#", "-"],
  ["x".repeat(2000), "-"],
])("an invite is asked for by its code as it is written, whatever was typed: %s", async (typed, asked) => {
  await invites.find(typed);
  expect(get).toHaveBeenLastCalledWith(`/internal/invites/${asked}?wait=0`);
});

it("an invite's closing is waited for in whole milliseconds", async () => {
  await invites.find("7KQM-X3RD-9WTA", 12.7);
  expect(get).toHaveBeenLastCalledWith("/internal/invites/7KQM-X3RD-9WTA?wait=12");
});

it("a batch is asked for with a page of its entries where one is wanted", async () => {
  await batches.find("socialode", "b-1", { after: 0, limit: 50 });
  expect(get).toHaveBeenLastCalledWith(
    "/internal/waitlists/socialode/invite-batches/b-1?include=entries&after=0&limit=50",
  );
});
