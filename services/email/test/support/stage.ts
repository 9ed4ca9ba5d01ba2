// Services and mail servers over one database of the test file's own, all ended after each test.
import { eventually } from "@waitlist/testing";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { openDatabase } from "./database.ts";
import { createService } from "./service.ts";
import { byName, type Script, type ScriptedServer, startSmtpServer } from "./smtp.ts";

export type Service = Awaited<ReturnType<typeof createService>>;

export const addressees = ({ inbox }: ScriptedServer) => inbox.map(({ to }) => to).toSorted();

export const countsOf = async ({ ledger }: Service) =>
  Object.fromEntries(
    (await ledger.counts("first")).map(({ kind, state, count }) => [`${kind} ${state}`, count]),
  );

/** Waits until the ledger counts exactly this, by kind and state. */
export const counted = (service: Service, counts: Record<string, number>) =>
  eventually(async () => expect(await countsOf(service)).toEqual(counts));

export function setStage(what: string) {
  const { db, drop } = openDatabase(what);
  const services: Service[] = [];
  const servers: ScriptedServer[] = [];

  beforeEach(async () => {
    await Promise.all((await db.collections()).map((collection) => collection.deleteMany({})));
  });
  afterEach(async () => {
    await Promise.all(services.splice(0).map(({ sender }) => sender.stop()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });
  afterAll(drop);

  return {
    db,
    startServer: async (script: Script = { behaviour: byName }) => {
      const server = await startSmtpServer(script);
      servers.push(server);
      return server;
    },
    startService: async (smtpUrl: string, more?: Parameters<typeof createService>[2]) => {
      const service = await createService(db, smtpUrl, more);
      services.push(service);
      service.sender.start();
      return service;
    },
  };
}
