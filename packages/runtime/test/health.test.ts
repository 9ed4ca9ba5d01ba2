// What anybody may ask for as often as they like: it must not cost more than a few would.
import { Gauge } from "prom-client";
import { afterAll, describe, expect, it } from "vitest";
import { shareReadiness } from "../src/health.ts";
import { endServers, serve } from "./support/http.ts";

afterAll(endServers);
const hundred = <T>(make: () => Promise<T>) => Promise.all(Array.from({ length: 100 }, make));

/** A dependency that counts how often it is asked. */
function counted(state = { up: true }) {
  const asked = { times: 0 };
  const probe = async () => {
    asked.times += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return state.up;
  };
  return { asked, dependency: { probe, required: true } };
}

describe("whether a service is ready", () => {
  it("is asked of its dependencies once for a hundred who ask at once", async () => {
    const { asked, dependency } = counted();
    const { app } = await serve(() => undefined, {}, { dependencies: { kafka: dependency } });
    const answers = await hundred(() => app.inject("/readyz"));
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
    expect(asked.times).toBe(1);
  });

  it("is asked anew after a second, and not before", async () => {
    const state = { up: true };
    const { asked, dependency } = counted(state);
    let now = 0;
    const read = shareReadiness({ kafka: dependency }, () => now);
    expect((await read()).status).toBe("ready");
    state.up = false;
    now = 999;
    expect((await read()).status).toBe("ready");
    now = 1000;
    expect((await read()).status).toBe("not-ready");
    expect(asked.times).toBe(2);
  });
});

describe("metrics", () => {
  it("are gathered once for a hundred who ask at once, and anew for the next", async () => {
    let gathered = 0;
    const { app, registry } = await serve(() => undefined);
    new Gauge({
      ...{ name: "waitlist_test", help: "A test's.", registers: [registry] },
      async collect() {
        gathered += 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    });
    await hundred(() => app.inject("/metrics"));
    expect(gathered).toBe(1);
    await app.inject("/metrics");
    expect(gathered).toBe(2);
  });
});
