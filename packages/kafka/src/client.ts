import type { Logger } from "@waitlist/runtime";
import kafkajs, { type ISocketFactory, type Kafka, type SASLOptions } from "kafkajs";
import "./kafkajs-idle.ts";
import { createConnections } from "./connections.ts";

/** What of a logger is used here. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

export interface KafkaOptions {
  brokers: string[];
  clientId: string;
  log: Log;
  ssl?: boolean;
  sasl?: SASLOptions;
  /** How sockets are opened; for networks of one's own, and for the tests' fault proxy. */
  socketFactory?: ISocketFactory;
}

export interface ClientOptions {
  /** How long kafkajs waits for an answer, in milliseconds; group joins wait longer on their own. */
  requestTimeoutMs: number;
  /** A connection on which an answer has been due for so long, with nothing heard, is cut. */
  silenceMs: number;
  retry?: typeof BRIEF_RETRY;
}

export interface Client {
  kafka: Kafka;
  /** Cuts all connections of this client, for good. */
  sever(reason: string): void;
}

const CONNECTION_TIMEOUT_MS = 2000;

/**
 * kafkajs repeats a request a few times within about a second, which rides out a cut connection or a moved leader;
 * longer outages are ours to wait for, with a new client.
 */
export const BRIEF_RETRY = {
  retries: 3,
  initialRetryTime: 50,
  maxRetryTime: 400,
  multiplier: 2,
  factor: 0.2,
};

/** A Kafka client with connections of its own. Clients are cheap: what has failed is thrown away with its client. */
export function createClient(options: KafkaOptions, limits: ClientOptions): Client {
  const { brokers, clientId, log, ssl, sasl, socketFactory } = options;
  const { requestTimeoutMs, silenceMs, retry = BRIEF_RETRY } = limits;
  const connections = createConnections(silenceMs, socketFactory);
  const kafka = new kafkajs.Kafka({
    brokers,
    clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    retry,
    socketFactory: connections.socketFactory,
    logLevel: kafkajs.logLevel.WARN,
    // Each failure of kafkajs's comes back to us as an error and is reported once, where its meaning is known.
    logCreator:
      () =>
      ({ namespace, label, log: entry }) =>
        log.debug({ kafkajs: namespace, level: label, broker: entry.broker }, entry.message),
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl }),
  });
  return { kafka, sever: connections.sever };
}
