// How many connections one peer may have: without a bound, one address takes all that there are.
import type { Server } from "node:http";
import type { Socket } from "node:net";

/** A block of addresses, by any name, and how many connections it may have at once. */
export interface PeerBound {
  block: string;
  most: number;
}

/** What an address counts for; nothing where it isn't bounded. */
export type PeerBounds = (address: string) => readonly PeerBound[];

/**
 * Closes a connection as it comes where one of its blocks has its most already: those that are there go on. No answer is
 * written, because whoever opens that many isn't reading any.
 */
export function limitPeers(server: Server, boundsOf: PeerBounds, onCut: () => void): void {
  const counts = new Map<string, number>();
  const countOf = (block: string) => counts.get(block) ?? 0;

  server.on("connection", (socket: Socket) => {
    // It has gone already.
    if (socket.remoteAddress === undefined) return;
    const bounds = boundsOf(socket.remoteAddress);
    if (bounds.some(({ block, most }) => countOf(block) >= most)) {
      onCut();
      socket.destroy();
      return;
    }
    for (const { block } of bounds) counts.set(block, countOf(block) + 1);
    socket.once("close", () => {
      for (const { block } of bounds) {
        if (countOf(block) > 1) counts.set(block, countOf(block) - 1);
        else counts.delete(block);
      }
    });
  });
}
