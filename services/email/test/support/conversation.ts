// One side of a line-based conversation over a socket, for servers that the tests write themselves.
import type { Socket } from "node:net";

export interface Conversation {
  /** What comes before the next `end`, byte for byte as Latin-1; null once the other side is gone. */
  read(end: string): Promise<string | null>;
  /** Says a line; true, so that it can stand for "the conversation goes on". */
  say(line: string): true;
  /** Closes in good order, after these last bytes; false: it is over. */
  hangUp(last?: string): false;
  /** Closes at once, with a TCP reset. */
  reset(): false;
  /** Resolves when the connection is closed, by whomever. */
  over: Promise<void>;
}

export function listenTo(socket: Socket): Conversation {
  let heard = "";
  let isOver = false;
  let wake = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  const news = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  socket.on("data", (chunk: Buffer) => {
    heard += chunk.toString("latin1");
    news();
  });
  // The client may go at any time: that is what the tests are about.
  socket.on("error", () => undefined);
  socket.once("close", () => {
    isOver = true;
    over.resolve();
    news();
  });
  return {
    over: over.promise,
    read: async (end) => {
      for (;;) {
        const at = heard.indexOf(end);
        if (at >= 0) {
          const text = heard.slice(0, at);
          heard = heard.slice(at + end.length);
          return text;
        }
        if (isOver) return null;
        await wake.promise;
      }
    },
    say: (line) => {
      if (!isOver) socket.write(`${line}\r\n`);
      return true;
    },
    hangUp: (last = "") => {
      socket.end(last);
      return false;
    },
    reset: () => {
      socket.resetAndDestroy();
      return false;
    },
  };
}
