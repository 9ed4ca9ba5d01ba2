// Whether this machine's clock and those of the servers agree. Expiry, schedules and limits go by clocks.
import { about, type Finding } from "@waitlist/runtime";

/** Clocks that NTP keeps are within tens of milliseconds; this is the least that would be felt. */
export const TOLERATED_MS = 2000;

/** A server's time, and when it was asked and answered by our clock; all in milliseconds. */
export interface ClockReading {
  asked: number;
  answered: number;
  theirs: number;
  /** How coarse their time is. */
  grainMs: number;
}

/** The server's clock was read at some moment between question and answer: only what lies outside is known to be off. */
export function examineClock(of: string, { asked, answered, theirs, grainMs }: ClockReading): Finding {
  const { right, wrong } = about(`Clock of ${of}`);
  const ahead = theirs - answered;
  const behind = asked - (theirs + grainMs);
  const off = Math.max(ahead, behind);
  if (off <= TOLERATED_MS) return right("it agrees with this machine's.");
  return wrong(
    `it is ${(off / 1000).toFixed(1)} s ${ahead > behind ? "ahead of" : "behind"} this machine's.`,
    "Keep all clocks by NTP (chrony, systemd-timesyncd), this machine's, too.",
  );
}

/** Records bear the broker's time (LogAppendTime): one from the future was written by a clock that is ahead of ours. */
export function examineRecordTimes(later: number[]): Finding {
  const { right, wrong } = about("Clock of Kafka");
  if (later.length === 0) return right("no record is from the future of this machine.");
  return wrong(
    `partitions ${later.join(", ")} hold records from the future of this machine: the broker's clock is ahead, or was.`,
    "Keep all clocks by NTP (chrony, systemd-timesyncd), this machine's, too.",
  );
}
