/** The instant of an RFC 3339 time in UTC, in milliseconds; null for a day or time that doesn't exist. */
export function instantOf(timestamp: string): number | null {
  const at = Date.parse(timestamp);
  // Date.parse takes 30 February for 2 March: what it understood must read the same.
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 19) !== timestamp.slice(0, 19)) return null;
  return at;
}
