// Keys and secrets: there, each its own. Never what they are.
import { about, type Finding } from "@waitlist/runtime";

export interface Keys {
  ADMIN_KEYS: string;
  ENTRY_ID_SECRET: string;
  TOKEN_KEYS: string;
  INTERNAL_TOKEN: string;
}

/** `hasStartKey`: a `start` gives itself a key for development. */
export function checkKeys(keys: Keys, hasStartKey: boolean): Finding[] {
  return [checkAdminKeys(keys.ADMIN_KEYS, hasStartKey), checkApart(keys)];
}

function checkAdminKeys(text: string, hasStartKey: boolean): Finding {
  const { right, wrong, note } = about("ADMIN_KEYS");
  const entries = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const scopes = new Set(entries.flatMap((line) => (line.split(":")[1] ?? "").split("+")));
  if (scopes.has("admin")) return right(`${entries.length} given, and one of them may change lists.`);
  if (hasStartKey)
    return note("none may change lists, but the key of this start, which is another one each time.");
  return wrong(
    "no key may change lists, so nobody can make one or invite.",
    "Make one: npx --yes pnpm@12.21.0 keys create <name> --scopes admin",
  );
}

function checkApart({ ENTRY_ID_SECRET, TOKEN_KEYS, INTERNAL_TOKEN }: Keys): Finding {
  const { right, wrong } = about("Secrets");
  const tokens = TOKEN_KEYS.split(/[,\n]/).map((key) => key.slice(key.indexOf(":") + 1).trim());
  const all = [ENTRY_ID_SECRET, INTERNAL_TOKEN, ...tokens];
  if (new Set(all).size === all.length) return right("each is another one.");
  return wrong(
    "two of ENTRY_ID_SECRET, INTERNAL_TOKEN and the TOKEN_KEYS are the same: whoever has the one has the other.",
    "Make another INTERNAL_TOKEN, or put a new key in front of TOKEN_KEYS; leave ENTRY_ID_SECRET as it is.",
  );
}
