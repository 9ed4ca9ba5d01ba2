import { once } from "node:events";
import { createServer } from "node:net";
import { afterEach, expect, it } from "vitest";
import { freePort, isFree, LOOPBACK, releasePorts } from "./ports.ts";

const taken: number[] = [];
const take = async (preferred: number) => {
  const port = await freePort(preferred);
  taken.push(port);
  return port;
};

afterEach(() => releasePorts(taken.splice(0)));

it("gives another port where somebody listens at the preferred one", async () => {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  expect(await isFree(port)).toBe(false);
  expect(await take(port)).not.toBe(port);
  server.close();
});

it("gives a port once, though nobody listens there yet, until it is released", async () => {
  const port = await take(0);
  expect(await take(port)).not.toBe(port);
  await releasePorts([port]);
  expect(await take(port)).toBe(port);
});
