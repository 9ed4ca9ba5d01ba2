// The audit as an operator runs it: a process of its own beside the running system.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../audit/src/main.ts", import.meta.url));

export interface AuditRun {
  code: number;
  /** What it printed. */
  out: string;
  /** What it said where it could not begin. */
  err: string;
}

/** Audits the installation in `home`. */
export const runAudit = (home: string, ...args: string[]): Promise<AuditRun> =>
  new Promise((resolve) => {
    const { KAFKA_BROKERS: _, MONGODB_URL: __, ...env } = process.env;
    const options = { env: { ...env, WAITLIST_HOME: home, NO_COLOR: "1" } };
    const node = ["--disable-warning=TimeoutNegativeWarning", MAIN];
    execFile(process.execPath, [...node, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
  });
