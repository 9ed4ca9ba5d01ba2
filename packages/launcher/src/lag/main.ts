// `pnpm lag`: how far each service is behind the log, live, with its pace and the time until it has caught up.
import { setTimeout as wait } from "node:timers/promises";
import type { LagView } from "@waitlist/contracts";
import { ConfigError } from "@waitlist/runtime";
import pc from "picocolors";
import { createApi } from "../api.ts";
import { UsageError } from "../settings.ts";
import { rowsOf } from "./pace.ts";
import { type LagRequest, readGateway, readLagRequest, USAGE } from "./request.ts";
import { tableOf } from "./table.ts";

/** A pace is measured over this long, so that it doesn't jump. In milliseconds. */
const WINDOW_MS = 10_000;
/** Cursor to the upper left, and nothing below it. */
const CLEAR = "\x1b[H\x1b[J";

async function look(url: string, key: string): Promise<LagView> {
  const { status, body } = await createApi(url, key).lag();
  if (status === 200) return body;
  if (status === 401 || status === 403) throw new UsageError("The key in ADMIN_KEY lacks the scope ops.");
  throw new Error(`The gateway answered ${status}.`);
}

function show(looks: LagView[], { all }: LagRequest): void {
  const now = looks.at(-1);
  if (!now) return;
  const before = looks.length > 1 ? (looks[0] ?? null) : null;
  const live = process.stdout.isTTY;
  const title = `${pc.bold("Lag")} ${pc.dim(now.at)}`;
  process.stdout.write(`${live ? CLEAR : ""}${title}\n\n${tableOf(rowsOf(before, now), all)}\n\n`);
}

/** Looks again and again, until it was asked for once, or `over`. */
async function watch(request: LagRequest, over: AbortSignal): Promise<void> {
  const { url, key } = await readGateway(process.env);
  const kept = Math.max(2, Math.ceil(WINDOW_MS / request.intervalMs) + 1);
  const looks: LagView[] = [];
  for (let count = 1; !over.aborted; count += 1) {
    try {
      looks.push(await look(url, key));
      if (looks.length > kept) looks.shift();
      if (!request.once || count === 2) show(looks, request);
    } catch (error) {
      if (error instanceof UsageError || request.once) throw error;
      process.stderr.write(`${(error as Error).message} Asking again.\n`);
    }
    if (request.once && count === 2) return;
    await pause(request.intervalMs, over);
  }
}

/** Rejects where it is over meanwhile: then there is nothing to wait for. */
const pause = (ms: number, signal: AbortSignal) => wait(ms, undefined, { signal }).catch(() => undefined);

const over = new AbortController();
// The way to end it, so no failure.
process.once("SIGINT", () => over.abort());

try {
  const request = readLagRequest(process.argv.slice(2));
  if (request.help) process.stdout.write(USAGE);
  else await watch(request, over.signal);
} catch (error) {
  const { message } = error as Error;
  const isOfTheCommand = error instanceof UsageError || error instanceof ConfigError;
  process.stderr.write(isOfTheCommand ? `${message}\n` : `The lag can't be read: ${message}\n`);
  process.exitCode = isOfTheCommand ? 2 : 1;
}
