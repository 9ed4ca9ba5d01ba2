/**
 * As `Promise.all`, but settles only when none of them is running any more; rejects with what failed first. Whoever is told
 * that something has failed may begin again at once, or give the partition away: nothing of the first attempt still writes.
 */
export async function allAtRest<T extends readonly unknown[] | []>(
  running: T,
): Promise<{ -readonly [Each in keyof T]: Awaited<T[Each]> }> {
  const all = Promise.all(running);
  await Promise.allSettled([all, ...running]);
  return all;
}
