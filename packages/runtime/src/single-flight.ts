/** Whoever asks while `work` is under way gets what that comes to; who asks later makes it run anew. */
export function singleFlight<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null;
  return () => {
    if (running) return running;
    const started = work().finally(() => {
      running = null;
    });
    running = started;
    return started;
  };
}
