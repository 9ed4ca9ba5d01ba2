// How a signup stands while it is read, judged by what it has been counted for so far.
import type { Standing } from "../limits/coalescer.ts";
import type { Limits } from "../limits/limits.ts";

export interface Judgement {
  /** Counts it for its list and for everybody, too; a second time does nothing. Not to be waited for: `settled` does that. */
  admitted(waitlistId: string): void;
  /** When all that it is counted for is known; null where it is. */
  settled(): Promise<void> | null;
}

/** `note` is told of all standings that are known, each time that there are more. */
export function createJudgement(
  limits: Pick<Limits, "judge">,
  coming: Promise<Standing[]>,
  note: (standings: readonly Standing[]) => void,
): Judgement {
  const standings: Standing[] = [];
  let pending: Promise<void> | null = null;
  let isAdmitted = false;

  const add = async (asked: Standing[] | Promise<Standing[]>): Promise<void> => {
    standings.push(...(await asked));
    note(standings);
  };
  const wait = (noted: Promise<void>) => {
    // A failure is met by whoever waits; before that, it must not count as nobody's.
    noted.catch(() => undefined);
    const all = pending ? Promise.all([pending, noted]).then(() => undefined) : noted;
    pending = all;
    all.then(
      () => {
        if (pending === all) pending = null;
      },
      () => undefined,
    );
  };

  wait(add(coming));
  return {
    admitted: (waitlistId) => {
      if (isAdmitted) return;
      isAdmitted = true;
      wait(add(limits.judge({ kind: "admission", waitlistId })));
    },
    settled: () => pending,
  };
}
