// A socket as the MongoDB driver (7.9.0) needs it to be: what it can't write at once, it writes when the socket has drained, and
// a socket that was closed meanwhile never does. The command waits for ever; where that is the driver's look whether
// the server is back, no command is sent any more.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Socket } from "node:net";

/** Node's own (https://nodejs.org/api/diagnostics_channel.html#net): the driver lets nobody else at its sockets. */
const CHANNEL = "net.client.socket";

/** From now on whoever waits for a socket's drain hears of its end; the driver then sees that it is closed. Once is enough. */
export function wakeWaitingForClosed(): void {
  letThemWait();
  subscribe(CHANNEL, watch);
}

/** As it was before: for the test that shows what that is like. */
export function letThemWait(): void {
  unsubscribe(CHANNEL, watch);
}

function watch(message: unknown): void {
  const { socket } = message as { socket: Socket };
  socket.once("close", () => socket.emit("drain"));
}
