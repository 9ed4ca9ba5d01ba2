// A TCP proxy on loopback that cuts connections at the worst moment: when an answer has arrived from the server, and
// before the client sees it.
import { type AddressInfo, createServer, type Server, Socket } from "node:net";
import { openPair, type Pair, type Target } from "./fault-pair.ts";

export interface CutRule {
  /** One in so many answers is lost with its connection. */
  oneIn: number;
  /** So many cuts at most; without it, no end. */
  times?: number;
  /** Only answers to Kafka requests with this key count (0: Produce, 1: Fetch); without it, any bytes do. */
  api?: number;
  /** With a reset instead of an orderly end. */
  abrupt?: boolean;
}

export interface FaultProxy {
  /** Opens a socket to a proxy of that Kafka broker; fits kafkajs's `socketFactory`. */
  socketFactory(target: { host: string; port: number; onConnect: () => void }): Socket;
  /** Address of a proxy of that host and port, for clients of other servers; a rule's `api` cuts nothing there. */
  proxied(host: string, port: number): Promise<{ host: string; port: number }>;
  /** Cuts connections as answers arrive, from now on. */
  cutAnswers(rule: CutRule): void;
  stopCutting(): void;
  /** While on, nothing is passed on in either direction, and no connection is closed. */
  blackhole(on: boolean): void;
  /** While on, connections are closed as they are made; those that are open are cut. */
  unreachable(on: boolean): void;
  /** How often an answer was lost to `cutAnswers`. */
  cuts(): number;
  /** How many connections were refused while `unreachable`. */
  refusals(): number;
  close(): Promise<void>;
}

export function createFaultProxy(): FaultProxy {
  const servers = new Map<string, Promise<Server>>();
  const pairs = new Set<Pair>();
  let rule: CutRule | undefined;
  let answers = 0;
  let cuts = 0;
  let refusals = 0;
  let away = false;
  let silent = false;

  /** Whether the connection is to be cut, now that these answers have arrived on it. */
  const cutNow = (apis: number[]): "no" | "end" | "reset" => {
    if (!rule) return "no";
    const { api, oneIn, times, abrupt } = rule;
    answers += api === undefined ? 1 : apis.filter((each) => each === api).length;
    if (answers < oneIn) return "no";
    answers = 0;
    cuts += 1;
    if (times !== undefined) rule = times > 1 ? { ...rule, times: times - 1 } : undefined;
    return abrupt ? "reset" : "end";
  };

  const accept = (client: Socket, target: Target) => {
    const pair = openPair(client, target, cutNow);
    pairs.add(pair);
    client.once("close", () => pairs.delete(pair));
    if (away) {
      refusals += 1;
      pair.cut("end");
    }
    if (silent) pair.hold(true);
  };
  const serve = (target: Target): Promise<Server> =>
    new Promise((resolve, reject) => {
      const server = createServer((client) => accept(client, target));
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => resolve(server));
    });

  const proxyOf = async (target: Target) => {
    const name = JSON.stringify(target);
    const server = servers.get(name) ?? serve(target);
    servers.set(name, server);
    return { host: "127.0.0.1", port: ((await server).address() as AddressInfo).port };
  };

  return {
    proxied: (host, port) => proxyOf({ host, port, kafka: false }),
    socketFactory: ({ host, port, onConnect }) => {
      const socket = new Socket();
      proxyOf({ host, port, kafka: true }).then(
        (proxy) => socket.connect(proxy, onConnect),
        (error: Error) => socket.destroy(error),
      );
      return socket;
    },
    cutAnswers: (next) => {
      rule = next;
      answers = 0;
    },
    stopCutting: () => {
      rule = undefined;
    },
    blackhole: (on) => {
      silent = on;
      for (const pair of pairs) pair.hold(on);
    },
    unreachable: (on) => {
      away = on;
      if (on) for (const pair of pairs) pair.cut("reset");
    },
    cuts: () => cuts,
    refusals: () => refusals,
    close: async () => {
      for (const pair of pairs) pair.cut("reset");
      const open = await Promise.all(servers.values());
      await Promise.all(open.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}
