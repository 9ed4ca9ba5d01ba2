import type { Difference } from "../findings.ts";
import type { PaperList } from "./model.ts";

/**
 * What a batch owes the log is on it before the record after its request is dealt with: where the invite service had
 * passed that (`passed` is its next offset), it must have been found.
 */
export function checkOwed(list: PaperList, passed: number, report: (difference: Difference) => void): void {
  for (const { batchId, offset, completed, untold, withdrawn = passed, untoldWithdrawals } of list.batches) {
    const say = (what: string) =>
      report({ where: "log", waitlistId: list.waitlistId, offset, what: `batch ${batchId} ${what}` });
    if (offset < passed && completed === undefined) {
      say(`has no completion on the log, and ${untold.size} of its invites aren't there`);
    }
    if (withdrawn < passed && untoldWithdrawals.size > 0) {
      say(`was withdrawn, and ${untoldWithdrawals.size} of its invites aren't taken back on the log`);
    }
  }
}
