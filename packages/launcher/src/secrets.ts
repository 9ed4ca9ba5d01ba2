import { randomBytes } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What a home's services are keyed with: made at the first start, kept with the data that depends on it. */
export interface Secrets {
  ENTRY_ID_SECRET: string;
  TOKEN_KEYS: string;
  INTERNAL_TOKEN: string;
}

const random = (bytes: number) => randomBytes(bytes).toString("base64url");

/** A home's secrets, in a file that only its owner reads. */
export async function loadSecrets(home: string): Promise<Secrets> {
  const file = join(home, "secrets.json");
  const stored = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (stored) return JSON.parse(stored) as Secrets;
  const secrets = {
    ENTRY_ID_SECRET: random(32),
    TOKEN_KEYS: `k1:${random(32)}`,
    INTERNAL_TOKEN: random(32),
  };
  await writeFile(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: "wx" });
  return secrets;
}
