// A delivery report says that a mail's address takes none: noted with the mail, and proposed to the log from there.

import { kindOf } from "../domain/mail.ts";
import type { Undeliverables } from "../ports.ts";
import type { MailMetrics } from "../sending/metrics.ts";
import type { Hint } from "../timers/propose-undeliverable.ts";

/** What a report says for good. */
export interface UndeliverableReport {
  mailId: string;
  /** RFC 3463, such as 5.1.1; only one of class 5 says that it is for good. */
  status?: string;
  /** A short code of letters, digits, `-` and `_`, at most 40: never the report's words. */
  cause: string;
  /** The name of the admin key that passed it on. */
  reportedBy?: string;
}

/**
 * Resolves once it is noted, `known` where that mail has shown so before: then the log has been told, or will be. Throws on an
 * outage of the database, and `TypeError` where a code isn't one.
 */
export type ReportUndeliverable = (
  report: UndeliverableReport,
) => Promise<"noted" | "known" | "no-such-mail">;

const CAUSE = /^[A-Za-z0-9_-]{1,40}$/;
const STATUS = /^5\.\d{1,3}\.\d{1,3}$/;

export function createReportUndeliverable(deps: {
  ledger: Pick<Undeliverables, "report">;
  hint: Pick<Hint, "give">;
  metrics: Pick<MailMetrics, "count">;
  clock: () => number;
}): ReportUndeliverable {
  const { ledger, hint, metrics, clock } = deps;
  return async ({ mailId, status, cause, reportedBy }) => {
    if (!CAUSE.test(cause)) throw new TypeError("a report's cause is a short code");
    if (status !== undefined && !STATUS.test(status)) {
      throw new TypeError("a report's status is an enhanced code of class 5");
    }
    const said = { at: clock(), cause, ...(status === undefined ? {} : { status }) };
    const by = reportedBy === undefined ? {} : { reportedBy };
    const noted = await ledger.report(mailId, { ...said, ...by, source: "report" });
    if (noted === "noted") {
      metrics.count(kindOf(mailId), "undeliverable");
      hint.give();
    }
    return noted;
  };
}
