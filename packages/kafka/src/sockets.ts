// One socket as kafkajs (2.2.4) needs it to be: it handles what it hears of an old socket as if it were of the one
// that it has opened since, so that a late word about the old one ends the new one, or leaves a request without answer.
import type { Socket } from "node:net";
import { frameBuffer } from "./frames.ts";

type Listener = (...args: unknown[]) => void;

/** Any of these tells kafkajs that the socket is of no more use. */
const LAST_WORDS = ["end", "error", "timeout"];

/**
 * Hands on whole answers only, and no more than one last word, none of them after kafkajs has closed the socket
 * itself. Destroys the socket when an answer has been due for `silenceMs` and nothing was heard: kafkajs would give
 * the request up, and go on using the connection.
 */
export function guardSocket(socket: Socket, silenceMs: number): Socket {
  let due = 0;
  let heardAt = 0;
  let over = false;

  const watch = setInterval(() => {
    if (due > 0 && performance.now() - heardAt > silenceMs) {
      socket.destroy(new Error(`no answer within ${silenceMs} ms`));
    }
  }, silenceMs / 4);
  watch.unref();
  socket.once("close", () => clearInterval(watch));
  // The first error may be heard by nobody but us.
  socket.on("error", () => clearInterval(watch));

  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  // kafkajs writes each request with one call.
  const writeRequest = (...args: unknown[]): boolean => {
    if (due === 0) heardAt = performance.now();
    due += 1;
    return write(...args);
  };

  const on = socket.on.bind(socket) as (event: string, listener: Listener) => Socket;
  const listen = (event: string, listener: Listener): Socket => {
    if (event === "data") return on("data", answersFor(listener));
    if (!LAST_WORDS.includes(event)) return on(event, listener);
    return on(event, (...args) => {
      if (over) return;
      over = true;
      listener(...args);
    });
  };
  const answersFor = (listener: Listener): Listener => {
    const take = frameBuffer();
    return (chunk) => {
      heardAt = performance.now();
      const { whole, count } = take(chunk as Buffer);
      due = Math.max(0, due - count);
      if (whole && !over) listener(whole);
    };
  };

  const end = socket.end.bind(socket) as (...args: unknown[]) => Socket;
  const endOnce = (...args: unknown[]): Socket => {
    // kafkajs forgets a request that it sent just before it closed the connection: an error reminds it.
    if (due > 0 && !over) return socket.destroy(new Error("closed while an answer was due"));
    over = true;
    return end(...args);
  };

  const unref = socket.unref.bind(socket);
  // Called for a socket that is gone, Node keeps it for later, each time again.
  const unrefOnce = (): Socket => (socket.destroyed ? socket : unref());

  return Object.assign(socket, { write: writeRequest, on: listen, end: endOnce, unref: unrefOnce });
}
