/** The offset up to which a cursor's value says that the model holds, if it was written in this run. */
export function cursorOf(value: unknown, runId: string | null): number | null {
  const [next, run] = typeof value === "string" ? value.split(":", 2) : [];
  return runId !== null && run === runId && next !== undefined && /^\d+$/.test(next) ? Number(next) : null;
}
