// `pnpm keys create`: admin keys for the gateway.
import { UsageError } from "../settings.ts";
import { createKey, readCreateRequest, USAGE } from "./create.ts";

const [command, ...args] = process.argv.slice(2);
const say = (text: string) => process.stderr.write(text);

try {
  if (command !== "create") throw new UsageError(`The command is create.\n\n${USAGE}`);
  if (args.includes("--help") || args.includes("-h")) {
    say(USAGE);
  } else {
    const request = readCreateRequest(args);
    const { key, line } = await createKey(request);
    say(`The key of ${request.name}, with scopes ${request.scopes.join(", ")}. It is not shown again:\n\n`);
    // Alone on standard output, so that it can be piped into a secret store.
    process.stdout.write(`${key}\n`);
    say(
      request.file === undefined
        ? `\nAdd this line to ADMIN_KEYS or to the file that ADMIN_KEYS_FILE names, and restart the gateway:\n\n${line}\n`
        : `\nIts hash is in ${request.file}. Name that file in ADMIN_KEYS_FILE, and restart the gateway.\n`,
    );
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  say(`${error.message}\n`);
  process.exitCode = 2;
}
