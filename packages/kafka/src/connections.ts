// The sockets of one Kafka client, kept in sight, so that all of them can be cut at once.
import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { ISocketFactory, ISocketFactoryArgs } from "kafkajs";
import { guardSocket } from "./sockets.ts";

const KEEP_ALIVE_MS = 60_000;

export interface Connections {
  socketFactory: ISocketFactory;
  /** Cuts every connection and lets no new one be made: whatever is in flight on them fails now. */
  sever(reason: string): void;
}

/** `silenceMs`: how long an answer may be due with nothing heard before its connection is cut. */
export function createConnections(silenceMs: number, base: ISocketFactory = openSocket): Connections {
  const open = new Set<Socket>();
  let severed: string | undefined;
  return {
    socketFactory: (args) => {
      if (severed) throw new Error(severed);
      const socket = guardSocket(base(args), silenceMs);
      open.add(socket);
      socket.once("close", () => open.delete(socket));
      return socket;
    },
    sever: (reason) => {
      severed = reason;
      for (const socket of open) socket.destroy(new Error(reason));
    },
  };
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
