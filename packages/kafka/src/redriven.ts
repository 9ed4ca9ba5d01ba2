// A record that was set aside and is put back on the log says in its headers where it stood, and who put it back.

const OFFSET = "redriven-offset";
const PARTITION = "redriven-partition";
const BY = "redriven-by";

/** What a redriven record says of itself. */
export interface Redriven {
  /** Its original offset, on the same partition. */
  from: number;
  /** The name of the key of who put it back. */
  by: string;
}

export const redrivenHeaders = (original: {
  partition: number;
  offset: number;
  by: string;
}): Record<string, string> => ({
  [PARTITION]: String(original.partition),
  [OFFSET]: String(original.offset),
  [BY]: original.by,
});

const WHOLE = /^\d{1,15}$/;

/**
 * Undefined for a record that was not redriven, that stood on another partition (there it had no place), or that claims
 * to come from its own future.
 */
export function readRedriven(
  headers: Record<string, string>,
  at: { partition: number; offset: number },
): Redriven | undefined {
  const from = headers[OFFSET] ?? "";
  if (!WHOLE.test(from) || Number(from) >= at.offset) return undefined;
  if (headers[PARTITION] !== String(at.partition)) return undefined;
  return { from: Number(from), by: headers[BY] ?? "" };
}
