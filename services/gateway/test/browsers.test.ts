// What browsers and readers of the documents get: CORS, headers, OpenAPI, AsyncAPI, the page.
import { entryIdOf } from "@waitlist/contracts";
import { typedClaims } from "@waitlist/tokens";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorld, definitionWith, LIST, SECRET, type World } from "./support.ts";

const ORIGIN = "https://app.example";
let world: World;
beforeAll(async () => {
  world = await createWorld();
  world.list(LIST, definitionWith({ allowedOrigins: [ORIGIN] }));
  world.list("closed-off", definitionWith());
});
afterAll(() => world.close());

const allowed = async (url: string, origin: string, headers: Record<string, string> = {}) =>
  (await world.app.inject({ url, headers: { origin, ...headers } })).headers["access-control-allow-origin"];

describe("CORS", () => {
  it("lets in the origins of the list in the path, and no other", async () => {
    expect(await allowed(`/v1/waitlists/${LIST}`, ORIGIN)).toBe(ORIGIN);
    expect(await allowed(`/v1/waitlists/${LIST}`, "https://evil.example")).toBeUndefined();
    expect(await allowed("/v1/waitlists/closed-off", ORIGIN)).toBeUndefined();
    expect(await allowed("/v1/waitlists/nobody", ORIGIN)).toBeUndefined();
  });

  it("answers a preflight for a signup", async () => {
    const response = await world.app.inject({
      method: "OPTIONS",
      url: `/v1/waitlists/${LIST}/entries`,
      headers: { origin: ORIGIN, "access-control-request-method": "POST" },
    });
    expect(response.statusCode).toBe(204);
    expect(response.headers["access-control-allow-origin"]).toBe(ORIGIN);
    expect(response.headers["access-control-allow-headers"]).toContain("idempotency-key");
  });

  it("lets a status be read by pages of the token's list only", async () => {
    const entryId = entryIdOf(SECRET, LIST, "ada@example.com");
    const token = world.tokens.sign(
      typedClaims({ waitlistId: LIST, entryId, joinOffset: 1 }, world.time.now),
    );
    const authorization = { authorization: `Bearer ${token}` };
    expect(await allowed(`/v1/entries/${entryId}`, ORIGIN, authorization)).toBe(ORIGIN);
    expect(await allowed(`/v1/entries/${entryId}?token=${token}`, ORIGIN)).toBe(ORIGIN);
    expect(await allowed(`/v1/entries/${entryId}`, "https://evil.example", authorization)).toBeUndefined();
    expect(await allowed(`/v1/entries/${entryId}`, ORIGIN)).toBeUndefined();
  });
});

interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { summary?: string; responses: Record<string, object> }>>;
  components: { schemas: Record<string, object> };
}

describe("the documents", () => {
  it("describe every call of the API and nothing else", async () => {
    const document = (await world.app.inject("/openapi.json")).json<OpenApi>();
    expect(document.openapi).toBe("3.1.0");
    expect(
      Object.entries(document.paths).flatMap(([path, calls]) =>
        Object.keys(calls).map((call) => `${call} ${path}`),
      ),
    ).toEqual([
      "put /v1/waitlists/{waitlistId}",
      "get /v1/waitlists/{waitlistId}",
      "post /v1/waitlists/{waitlistId}/entries",
      "get /v1/waitlists/{waitlistId}/entries",
      "get /v1/waitlists/{waitlistId}/challenge",
      "get /v1/entries/{entryId}",
      "delete /v1/entries/{entryId}",
      "get /v1/entries/{entryId}/events",
      "post /v1/entries/{entryId}/confirmation",
      "post /v1/entries/{entryId}/departure",
      "get /v1/receipts/{receipt}",
      "post /v1/waitlists/{waitlistId}/invite-batches",
      "get /v1/waitlists/{waitlistId}/invite-batches",
      "get /v1/waitlists/{waitlistId}/invite-batches/{batchId}",
      "put /v1/waitlists/{waitlistId}/invite-schedules/{scheduleId}",
      "get /v1/waitlists/{waitlistId}/invite-schedules/{scheduleId}",
      "put /v1/waitlists/{waitlistId}/invite-schedules/{scheduleId}/state",
      "get /v1/waitlists/{waitlistId}/invite-schedules",
      "post /v1/invites/{code}/redemption",
      "post /v1/invites/{code}/withdrawal",
      "post /v1/waitlists/{waitlistId}/invite-batches/{batchId}/withdrawal",
      "get /v1/waitlists/{waitlistId}/mails/{kind}",
      "post /v1/waitlists/{waitlistId}/mails/{kind}/test",
      "get /v1/waitlists/{waitlistId}/entries/{entryId}",
      "get /v1/waitlists/{waitlistId}/mails",
      "get /v1/waitlists/{waitlistId}/mail-counts",
      "post /v1/waitlists/{waitlistId}/mails/{mailId}/resend",
      "post /v1/waitlists/{waitlistId}/mails/resend",
      "get /v1/ops/lag",
      "get /v1/ops/dead-letters",
      "get /v1/ops/dead-letters/{deadLetterId}",
      "post /v1/ops/redrive",
      "post /v1/ops/dead-letters/{deadLetterId}/redrive",
      "post /v1/ops/dead-letters/{deadLetterId}/discard",
      "post /v1/unsubscribe/{token}",
      "get /v1/unsubscribe/{token}",
      "post /v1/mail/delivery-reports",
    ]);
    expect(Object.keys(document.components.schemas)).toContain("Problem");
  });

  it("give every answer an example or a problem", async () => {
    const document = (await world.app.inject("/openapi.json")).json<OpenApi>();
    for (const [path, calls] of Object.entries(document.paths)) {
      for (const [call, { summary, responses }] of Object.entries(calls)) {
        expect(summary, `${call} ${path}`).toBeTruthy();
        for (const [status, response] of Object.entries(responses)) {
          // Without a body there is nothing to give an example of.
          if (status === "204" || status === "303") continue;
          const wanted = status.startsWith("2") ? /"examples?":/ : /"application\/problem\+json"/;
          expect(JSON.stringify(response), `${call} ${path} ${status}`).toMatch(wanted);
        }
      }
    }
  });

  it("describe the log", async () => {
    const document = (await world.app.inject("/asyncapi.json")).json();
    expect(document.asyncapi).toBe("3.0.0");
  });

  it("can be read on a page that asks no third party", async () => {
    const page = await world.app.inject("/docs/");
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toContain("script-src 'self'");
    expect(page.body).not.toMatch(/(src|href)="https?:/);
    const script = await world.app.inject("/docs/static/swagger-initializer.js");
    expect(script.body).toMatch(/"validatorUrl":\s*null/);
  });
});
