// What every answer tells browsers, whichever route it comes from.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FastifyInstance, HTTPMethods, RouteOptions } from "fastify";
import { afterEach, describe, expect, it } from "vitest";
import { createWorld, definitionWith, LIST, type World } from "./support.ts";

let world: World;
afterEach(() => world.close());

const STRICT =
  "default-src 'none';style-src 'self';base-uri 'none';form-action 'self';frame-ancestors 'none'";

/** A world, and every route of its app: seen as they are added, whoever adds them. */
async function worldWithRoutes(): Promise<{ method: HTTPMethods; url: string }[]> {
  const routes: { method: HTTPMethods; url: string }[] = [];
  const note = ({ method, url }: RouteOptions) => {
    for (const each of [method].flat()) routes.push({ method: each as HTTPMethods, url });
  };
  const watch = (message: unknown) =>
    void (message as { fastify: FastifyInstance }).fastify.addHook("onRoute", note);
  subscribe("fastify.initialization", watch);
  world = await createWorld();
  unsubscribe("fastify.initialization", watch);
  world.list(LIST, definitionWith());
  return routes;
}

describe("the headers of every route", () => {
  it("are strict, whatever is answered", async () => {
    const routes = await worldWithRoutes();
    expect(routes).toContainEqual({ method: "POST", url: "/v1/waitlists/:waitlistId/entries" });
    expect(routes).toContainEqual({ method: "GET", url: "/livez" });
    for (const { method, url } of routes) {
      const { headers } = await world.app.inject({ method, url: url.replaceAll(/:\w+/g, LIST) });
      const what = `${method} ${url}`;
      expect(headers["x-content-type-options"], what).toBe("nosniff");
      expect(headers["referrer-policy"], what).toBe("no-referrer");
      expect(headers["strict-transport-security"], what).toBe("max-age=31536000");
      expect(headers["x-frame-options"], what).toBe("DENY");
      const policy = String(headers["content-security-policy"]);
      if (!url.startsWith("/docs")) expect(policy, what).toBe(STRICT);
      expect(policy, what).toContain("default-src 'none'");
      expect(policy, what).toContain("frame-ancestors 'none'");
      expect(policy, what).not.toMatch(/unsafe|https?:|\*/);
    }
  });

  it.each([
    ["no route", "/nothing"],
    ["no route of the API", "/v1/nothing"],
    ["a path that can't be decoded", "/v1/waitlists/%E0%A4%A"],
    ["a path that is too long", `/v1/waitlists/${"a".repeat(3000)}`],
  ])("are there for %s", async (_what, url) => {
    world = await createWorld();
    const { headers } = await world.app.inject(url);
    expect(headers["content-security-policy"]).toMatch(/^default-src 'none';.*frame-ancestors 'none'$/);
    expect(headers["x-content-type-options"]).toBe("nosniff");
  });

  it("are there for a request that is none", async () => {
    world = await createWorld();
    const url = await world.app.listen({ port: 0, host: "127.0.0.1" });
    const { headers, status } = await fetch(url, { headers: { "x-long": "x".repeat(20_000) } });
    expect(status).toBe(431);
    expect(headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("demand HTTPS only where people reach the gateway by it", async () => {
    world = await createWorld({ publicUrl: "http://localhost:8080" });
    expect((await world.app.inject("/livez")).headers["strict-transport-security"]).toBeUndefined();
  });

  it("keep a list's own pages able to read the API", async () => {
    world = await createWorld();
    const origin = "https://app.example";
    world.list(LIST, definitionWith({ allowedOrigins: [origin] }));
    const { headers } = await world.app.inject({ url: `/v1/waitlists/${LIST}`, headers: { origin } });
    expect(headers["access-control-allow-origin"]).toBe(origin);
    expect(headers["cross-origin-resource-policy"]).toBe("cross-origin");
  });
});
