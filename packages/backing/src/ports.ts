import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import getPort, { clearLockedPorts } from "get-port";
import { takeLock } from "./process/lock.ts";

/** Everything of ours listens here and nowhere else. */
export const LOOPBACK = "127.0.0.1";

/**
 * A service that is being restarted doesn't listen for a moment, and another start on this machine could take its
 * port for free, for good. So each start claims the ports it uses, for as long as it runs.
 */
const claimsFolder = join(tmpdir(), `waitlist-ports-${userInfo().uid}`);
const claimed = new Map<number, () => Promise<void>>();

/**
 * The preferred port where it is free on the loopback interface, otherwise any free one. No other start of this user
 * gets it until this process ends or releases it.
 */
export async function freePort(preferred: number): Promise<number> {
  for (let candidate = preferred; ; candidate = 0) {
    const port = await getPort({ port: candidate, host: LOOPBACK });
    const claim = await takeLock(join(claimsFolder, String(port)));
    if (claim.held) {
      claimed.set(port, claim.release);
      return port;
    }
  }
}

/** What used them has stopped: they may be had again, by this process, too. */
export async function releasePorts(ports: number[]): Promise<void> {
  for (const port of ports) {
    await claimed.get(port)?.();
    claimed.delete(port);
  }
  // get-port would keep what it gave for half a minute more.
  clearLockedPorts();
}

/** Whether nobody listens there on the loopback interface. */
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
