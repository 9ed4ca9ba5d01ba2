// What requests make of traces: whom they go on with, what they keep of a stranger's, and what they cost while they are off.
import { createHttpApp, createLogger, isTracing, openSpan, Registry, startTracing } from "@waitlist/runtime";
import { startTraceCollector, type TraceCollector } from "@waitlist/testing";
import { afterEach, expect, test } from "vitest";

const THEIRS = "0af7651916cd43dd8448eb211c80319c";
const GIVEN = `00-${THEIRS}-b7ad6b7169203331-01`;

const log = createLogger("test", "silent");
const closers: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function start(options: { trusting?: boolean } = {}) {
  const collector = await startTraceCollector();
  closers.push(collector.close);
  let flush = async (): Promise<unknown> => undefined;
  await startTracing("test", collector.url, {
    log,
    lifecycle: { onClose: (_what, close) => (flush = close) },
  });
  const app = serve(options);
  const sent = async () => {
    await flush();
    return collector.spans();
  };
  closers.push(() => app.close(), sent);
  return { app, collector, sent };
}

function serve({ trusting = false }: { trusting?: boolean }) {
  const app = createHttpApp({ log, registry: new Registry(), dependencies: {}, trusting });
  app.get("/v1/people/:token", async () => openSpan("work", { kind: "internal", within: "active" })?.end());
  app.get("/v1/broken", () => Promise.reject(new RangeError("of ada@example.com")));
  app.get("/v1/forbidden", { onRequest: async (_, reply) => reply.code(401).send() }, async () => "never");
  return app;
}

test("what a handler does is in its request's trace, by the route's name and not by its path", async () => {
  const { app, collector, sent } = await start();
  await app.inject("/v1/people/a-secret-token?email=ada@example.com");
  await app.inject("/livez");
  const [work, request, ...others] = await sent();
  expect(request).toMatchObject({ name: "GET /v1/people/:token", kind: 2, service: "waitlist-test" });
  expect(request?.attributes).toMatchObject({ "http.response.status_code": 200 });
  expect(work).toMatchObject({ traceId: request?.traceId, parentSpanId: request?.spanId });
  expect(others).toEqual([]);
  expect(collector.text()).not.toMatch(/secret|ada/);
});

test("of an error its kind is kept, and nothing that it says", async () => {
  const { app, collector, sent } = await start();
  await app.inject("/v1/broken");
  expect((await sent())[0]?.attributes).toMatchObject({ "http.response.status_code": 500 });
  expect(collector.text()).not.toContain("ada");
});

test("a stranger's trace is named beside the request's own, which begins anew", async () => {
  const { app, sent } = await start();
  await app.inject({ url: "/v1/people/a", headers: { traceparent: GIVEN, tracestate: "theirs=1" } });
  const request = (await sent()).find(({ kind }) => kind === 2);
  expect(request).toMatchObject({ parentSpanId: "", links: [THEIRS] });
  expect(request?.traceId).not.toBe(THEIRS);
});

test.each([
  ["too long", `${GIVEN}${"-00".repeat(5000)}`],
  ["of a version that there is not", GIVEN.replace("00-", "ff-")],
  ["with an id of zeros", `00-${"0".repeat(32)}-b7ad6b7169203331-01`],
  ["with other characters", GIVEN.replace("0af", "\u00e4af")],
  ["empty", ""],
])("a trace that is none, being %s, leaves no mark", async (_, traceparent) => {
  const { app, collector, sent } = await start();
  const { statusCode } = await app.inject({ url: "/v1/people/a", headers: { traceparent } });
  expect(statusCode).toBe(200);
  expect((await sent()).find(({ kind }) => kind === 2)).toMatchObject({ parentSpanId: "", links: [] });
  expect(collector.text().length).toBeLessThan(3000);
});

test("a service goes on with the trace of the one that asks it", async () => {
  const { app, sent } = await start({ trusting: true });
  await app.inject({ url: "/v1/people/a", headers: { traceparent: GIVEN } });
  const request = (await sent()).find(({ kind }) => kind === 2);
  expect(request).toMatchObject({ traceId: THEIRS, parentSpanId: "b7ad6b7169203331" });
});

test("a service begins no trace of its own", async () => {
  const { app, sent } = await start({ trusting: true });
  await app.inject("/v1/people/a");
  expect(await sent()).toEqual([]);
});

test("what is refused before its handler makes no span", async () => {
  const { app, sent } = await start();
  for (let each = 0; each < 20; each += 1) await app.inject("/v1/forbidden");
  await app.inject("/v1/unknown");
  expect(await sent()).toEqual([]);
});

test("a collector that is away costs its spans and nothing else", async () => {
  const away: TraceCollector = await startTraceCollector();
  await away.close();
  let close = async (): Promise<unknown> => undefined;
  await startTracing("test", away.url, { log, lifecycle: { onClose: (_what, end) => (close = end) } });
  const app = serve({});
  expect((await app.inject("/v1/people/a")).statusCode).toBe(200);
  await app.close();
  await close();
  expect(isTracing()).toBe(false);
});

test("without an endpoint nothing is traced", async () => {
  await startTracing("test", undefined, {
    log,
    lifecycle: { onClose: () => expect.fail("nothing to close") },
  });
  expect(isTracing()).toBe(false);
  expect(openSpan("work", { kind: "internal", within: "new" })).toBeUndefined();
  const app = serve({});
  expect(app.printRoutes({ includeHooks: true })).not.toContain("preHandler");
  await app.close();
});
