// `keys create`: makes an admin key and writes down its hash.
import { appendFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { ADMIN_KEY_NAME, isScope, mintAdminKey, SCOPES, type Scope } from "@waitlist/contracts";
import { UsageError } from "../settings.ts";

export const USAGE = `Usage: pnpm keys create <name> [--scopes read,admin] [--file keys.txt]

Makes an admin key for the gateway. The key is shown once and kept nowhere; what the gateway is given is
its hash, in ADMIN_KEYS (one a line) or in the file that ADMIN_KEYS_FILE names.

  <name>     stands beside every change that the key makes: letters, digits, and . _ @ -
  --scopes   read (look), admin (look and change), ops (operate), redeem (redeem invites); without it, read
  --file     adds the hash to this file, readable by you alone
`;

export interface CreateRequest {
  name: string;
  scopes: Scope[];
  file: string | undefined;
}

/** Reads the command line after `create`. Throws `UsageError` with a sentence. */
export function readCreateRequest(args: string[]): CreateRequest {
  const { values, positionals } = parseCommand(args);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) throw new UsageError("A key has one name.");
  if (!ADMIN_KEY_NAME.test(name)) {
    throw new UsageError("A name is 1 to 100 letters, digits, dots, hyphens, underscores or @.");
  }
  const scopes = [...new Set(values.scopes.split(/[,+\s]+/).filter((scope) => scope !== ""))];
  if (scopes.length === 0 || !scopes.every(isScope)) {
    throw new UsageError(`Scopes are some of ${SCOPES.join(", ")}, separated by commas.`);
  }
  return { name, scopes, file: values.file };
}

function parseCommand(args: string[]) {
  const scopes = { type: "string", default: "read" } as const;
  try {
    return parseArgs({ args, allowPositionals: true, options: { scopes, file: { type: "string" } } });
  } catch (cause) {
    throw new UsageError("The options are --scopes and --file.", { cause });
  }
}

/**
 * Makes the key and, where a file is named, adds its line to it. Returns what is to be shown. Throws `UsageError` where
 * the file can't be written.
 */
export async function createKey({
  name,
  scopes,
  file,
}: CreateRequest): Promise<{ key: string; line: string }> {
  const minted = mintAdminKey(name, scopes);
  if (file !== undefined) {
    await appendFile(file, `${minted.line}\n`, { mode: 0o600 }).catch((cause: unknown) => {
      throw new UsageError(`${file} can't be written.`, { cause });
    });
  }
  return minted;
}
