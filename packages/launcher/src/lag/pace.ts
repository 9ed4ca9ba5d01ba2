// How fast groups go, by two looks at the same partitions. Pure.
import type { GroupLag, LagView } from "@waitlist/contracts";

/** One row of the table: a group on one partition, or on all of them. */
export interface Row {
  group: string;
  /** Null for the sum over all. */
  partition: number | null;
  end: number | null;
  committed: number | null;
  /** Of one partition below 0 where its log ends before what was processed; the sum leaves that out. */
  lag: number;
  oldestAgeMs: number;
  /** Records that are processed a second; null where there was no look before. */
  rate: number | null;
  /** Until nothing is left at this pace; `Infinity` where more is written than processed, null where nobody can say. */
  catchUpMs: number | null;
}

/** Rows by group, the group's sum first. `before` is an earlier look, if there was one. */
export function rowsOf(before: LagView | null, now: LagView): Row[] {
  const groups = [...new Set(now.items.map(({ group }) => group))];
  const ms = before ? Date.parse(now.at) - Date.parse(before.at) : 0;
  return groups.flatMap((group) => {
    const own = now.items.filter((item) => item.group === group);
    const moves = own.map((item) => moveOf(before, item));
    const partitions = own.map((item, index) => partitionRow(item, moves[index] ?? null, ms));
    return [groupRow(group, own, sum(moves), ms), ...partitions];
  });
}

/** Records between two looks. */
interface Move {
  processed: number;
  written: number;
}

function moveOf(before: LagView | null, now: GroupLag): Move | null {
  const then = before?.items.find(
    ({ group, partition }) => group === now.group && partition === now.partition,
  );
  if (!then) return null;
  const written = now.endOffset - then.endOffset;
  // Whatever happened to the log's beginning: what is no longer behind was processed.
  return { written, processed: written + then.lag - now.lag };
}

const sum = (moves: (Move | null)[]): Move | null =>
  moves.reduce((total, move) =>
    total && move
      ? { processed: total.processed + move.processed, written: total.written + move.written }
      : null,
  );

function partitionRow(item: GroupLag, move: Move | null, ms: number): Row {
  const { group, partition, endOffset: end, committedOffset: committed, lag, oldestAgeMs } = item;
  return { group, partition, end, committed, lag, oldestAgeMs, ...paceOf(lag, move, ms) };
}

function groupRow(group: string, own: GroupLag[], move: Move | null, ms: number): Row {
  const lag = own.reduce((total, item) => total + Math.max(0, item.lag), 0);
  const oldestAgeMs = Math.max(...own.map((item) => item.oldestAgeMs));
  return {
    ...{ group, partition: null, end: null, committed: null, lag, oldestAgeMs },
    ...paceOf(lag, move, ms),
  };
}

function paceOf(lag: number, move: Move | null, ms: number): Pick<Row, "rate" | "catchUpMs"> {
  if (!move || ms <= 0) return { rate: null, catchUpMs: lag <= 0 ? 0 : null };
  const rate = (move.processed * 1000) / ms;
  if (lag <= 0) return { rate, catchUpMs: 0 };
  const gained = move.processed - move.written;
  return { rate, catchUpMs: gained > 0 ? (lag * ms) / gained : Number.POSITIVE_INFINITY };
}
