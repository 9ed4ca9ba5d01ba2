import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Where everything of a running system can be reached; `endpoints.json` in its home. */
export interface Endpoints {
  gateway: string;
  adminKey: string;
  mailbox: { web: string | null; smtp: string };
  kafka: string;
  mongodb: string;
  redis: string;
  services: { storage: string; email: string; invite: string };
}

/** Writes the file whole or not at all, readable by its owner only: it holds the admin key. */
export async function writeEndpoints(home: string, endpoints: Endpoints): Promise<void> {
  const file = join(home, "endpoints.json");
  await writeFile(`${file}.new`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
