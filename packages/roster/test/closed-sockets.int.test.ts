// The driver's own client over a socket that is closed while a command is being written to it.
import { createFaultProxy, type FaultProxy, uniqueName } from "@waitlist/testing";
import { MongoClient } from "mongodb";
import { afterEach, beforeEach, describe, expect, inject, test } from "vitest";
import { letThemWait, wakeWaitingForClosed } from "../src/mongo/closed-sockets.ts";

/** More than the sockets on the way can hold. */
const LARGE = "x".repeat(12_000_000);
const TIMEOUT_MS = 300;

let proxy: FaultProxy;
let client: MongoClient;

async function connected(): Promise<MongoClient> {
  const { hostname, port } = new URL(inject("backing").mongodb);
  const { host, port: behind } = await proxy.proxied(hostname, Number(port));
  client = new MongoClient(`mongodb://${host}:${behind}/?directConnection=true`, {
    socketTimeoutMS: TIMEOUT_MS,
    serverSelectionTimeoutMS: 1000,
  });
  return client.connect();
}

/** What becomes of a large insert that nobody takes: `pending` where it hasn't ended long after its time. */
async function insertIntoNothing(): Promise<string> {
  const notes = (await connected()).db(uniqueName("closed")).collection("notes");
  await notes.insertOne({ text: "small" });
  proxy.blackhole(true);
  const insert = notes.insertOne({ text: LARGE }).then(
    () => "inserted",
    () => "failed",
  );
  const long = new Promise<string>((resolve) => setTimeout(resolve, TIMEOUT_MS * 10, "pending"));
  return Promise.race([insert, long]);
}

beforeEach(() => {
  proxy = createFaultProxy();
});

afterEach(async () => {
  wakeWaitingForClosed();
  proxy.blackhole(false);
  await client.close();
  await proxy.close();
});

describe("a command that is being written when its socket closes", () => {
  test("fails", async () => {
    wakeWaitingForClosed();
    expect(await insertIntoNothing()).toBe("failed");
  });

  test("would wait for ever otherwise: this is what the driver does", async () => {
    letThemWait();
    expect(await insertIntoNothing()).toBe("pending");
  });
});
