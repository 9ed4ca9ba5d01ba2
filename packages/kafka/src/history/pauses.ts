import type { Log } from "../client.ts";
import type { Where } from "./cursor-fit.ts";
import type { PartitionState, PauseKind } from "./types.ts";

/** Why a partition is paused, and how often it has failed in a row. */
export interface Pauses {
  begin(kind: PauseKind, cause: string, error?: unknown): void;
  /** Something was taken, or there is nothing to take. */
  over(): void;
  current(): PartitionState["paused"];
  /** Failures since the last batch that was taken. */
  failures(): number;
}

/** A pause is reported once, at its beginning, however often what it waits for is tried; and once at its end. */
export function createPauses(where: Where, log: Log): Pauses {
  let paused: PartitionState["paused"] = { kind: "taking-over", cause: "assigned", since: Date.now() };
  let failures = 0;
  return {
    current: () => paused,
    failures: () => failures,
    begin: (kind, cause, error) => {
      const again = paused?.kind === kind;
      const report = { ...where, cause, ...(error === undefined ? {} : { err: error }) };
      const message = `the history is paused: ${kind}`;
      if (again) log.debug(report, message);
      else if (kind === "unsupported" || kind === "foreign") log.error(report, message);
      else log.warn(report, message);
      paused = { kind, cause, since: again && paused ? paused.since : Date.now() };
      failures += 1;
    },
    over: () => {
      if (paused && paused.kind !== "taking-over") log.info(where, "the history goes on");
      paused = undefined;
      failures = 0;
    },
  };
}
