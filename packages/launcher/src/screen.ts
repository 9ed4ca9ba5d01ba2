// What the terminal shows while a system starts, runs and ends.
import { relative } from "node:path";
import type { BackingEvent } from "@waitlist/backing";
import pc from "picocolors";
import type { Endpoints } from "./endpoints.ts";

const out = (text: string) => process.stdout.write(`${text}\n`);
const shown = (path: string) => relative(process.cwd(), path) || ".";

export const say = (text: string) => out(`  ${text}`);

const MARKS: Record<BackingEvent["kind"], string> = {
  starting: pc.dim("·"),
  progress: pc.cyan("↓"),
  ready: pc.green("✓"),
  exited: pc.red("✗"),
  restarting: pc.yellow("↻"),
  stopped: pc.dim("■"),
};

/** A line for each thing that happens to a process. */
export function showEvent({ name, kind, message }: BackingEvent): void {
  if (kind === "starting" || kind === "stopped") return;
  // The name stands in its column: it needn't begin the sentence, too.
  const words = message.startsWith(`${name} `) ? message.slice(name.length + 1) : message;
  say(`${MARKS[kind]} ${pc.bold(name.padEnd(8))} ${words}`);
}

/** Where to go now. */
export function showReady(
  endpoints: Endpoints,
  options: { home: string; seconds: number; created: boolean },
): void {
  const row = (label: string, value: string) => say(`${label.padEnd(12)}${value}`);
  out("");
  say(pc.bold(pc.green(`Your waitlist is running (ready in ${options.seconds.toFixed(1)} s).`)));
  out("");
  row("Gateway", endpoints.gateway);
  row("API page", `${endpoints.gateway}/docs`);
  row("Mailbox", endpoints.mailbox.web ?? "your own (SMTP_URL)");
  row("Waitlist", `socialode${options.created ? " (made just now)" : ""}`);
  row("Admin key", `${endpoints.adminKey}  ${pc.dim("(for development; a new one at each start)")}`);
  out("");
  say("Sign somebody up, then look into the mailbox:");
  out("");
  say(pc.cyan(`curl -s ${endpoints.gateway}/v1/waitlists/socialode/entries \\`));
  say(pc.cyan(`  -H 'content-type: application/json' -H 'prefer: wait=5' \\`));
  say(pc.cyan(`  -d '{"email": "ada@example.com", "name": "Ada"}'`));
  out("");
  const home = shown(options.home);
  say(pc.dim(`Data and logs are in ${home}; the addresses above in ${home}/endpoints.json.`));
  say(pc.dim("Ctrl-C ends everything."));
  out("");
}

/** One sentence, and where to read more. */
export function showFailure(error: unknown, home: string): void {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`\n  ${pc.red("✗")} ${message}\n`);
  process.stderr.write(pc.dim(`    Logs: ${shown(home)}/logs\n\n`));
}
