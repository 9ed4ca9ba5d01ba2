// The sockets of one Kafka client: kept in sight, so that all of them can be cut at once, and made safe for kafkajs.
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { ISocketFactory, ISocketFactoryArgs } from "kafkajs";
import { frameBuffer } from "./frames.ts";

const KEEP_ALIVE_MS = 60_000;

export interface Connections {
  socketFactory: ISocketFactory;
  /** Cuts every connection and lets no new one be made: whatever is in flight on them fails now. */
  sever(reason: string): void;
}

/**
 * kafkajs gives a request up after its timeout, but goes on using the connection that didn't answer. Here a
 * connection on which an answer is due and nothing has been heard for `silenceMs` is destroyed.
 */
export function createConnections(silenceMs: number, base: ISocketFactory = openSocket): Connections {
  const open = new Set<Watched>();
  let severed: string | undefined;

  const socketFactory: ISocketFactory = (args) => {
    if (severed) throw new Error(severed);
    const watched = watch(base(args), silenceMs);
    open.add(watched);
    watched.socket.once("close", () => {
      watched.stop();
      open.delete(watched);
    });
    return watched.socket;
  };
  const sever = (reason: string) => {
    severed = reason;
    for (const { socket } of open) socket.destroy(new Error(reason));
  };
  return { socketFactory, sever };
}

interface Watched {
  socket: Socket;
  stop(): void;
}

/** Hands only whole responses on, and ends the socket when an answer is overdue. */
function watch(socket: Socket, silenceMs: number): Watched {
  let due = 0;
  let heardAt = performance.now();

  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  // kafkajs writes each request with one call.
  socket.write = ((...args: unknown[]) => {
    if (due === 0) heardAt = performance.now();
    due += 1;
    return write(...args);
  }) as typeof socket.write;

  const on = socket.on.bind(socket) as (event: string, listener: (...args: never[]) => void) => Socket;
  socket.on = ((event: string, listener: (data: Buffer) => void) => {
    if (event !== "data") return on(event, listener);
    const take = frameBuffer();
    return on("data", (chunk: Buffer) => {
      heardAt = performance.now();
      const { whole, count } = take(chunk);
      due = Math.max(0, due - count);
      if (whole) listener(whole);
    });
  }) as typeof socket.on;

  const timer = setInterval(() => {
    if (due > 0 && performance.now() - heardAt > silenceMs) {
      socket.destroy(new Error(`no answer within ${silenceMs} ms`));
    }
  }, silenceMs / 4);
  timer.unref();
  return { socket, stop: () => clearInterval(timer) };
}

function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const tls = ssl as ConnectionOptions | undefined;
  const socket = tls
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...tls }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  // A request larger than a packet must not wait for the acknowledgement of its first part.
  socket.setNoDelay(true);
  return socket;
}
