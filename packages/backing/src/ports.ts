import { once } from "node:events";
import { createServer } from "node:net";
import getPort, { clearLockedPorts } from "get-port";

/** Everything of ours listens here and nowhere else. */
export const LOOPBACK = "127.0.0.1";

/** The preferred port where it is free on the loopback interface, otherwise any free one. */
export function freePort(preferred: number): Promise<number> {
  return getPort({ port: preferred, host: LOOPBACK });
}

/** get-port keeps what it gave for half a minute; after a stop the same ports are wanted again at once. */
export const forgetGivenPorts = clearLockedPorts;

export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen({ port, host: LOOPBACK });
  const free = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (free) {
    server.close();
    await once(server, "close");
  }
  return free;
}
