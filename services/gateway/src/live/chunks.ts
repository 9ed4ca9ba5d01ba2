// Works through many reads a chunk at a time, so that however many there are, Redis and this process see a steady stream.

export interface Chunks<T> {
  /**
   * Takes up work: `work` for each item, a chunk at a time, after what was taken up before. `done` is called when
   * nothing of it is left to be tried; once one of a chunk's items has failed, the rest isn't tried.
   */
  add(items: T[], done: () => void): void;
  /** The same, before everything else. */
  addFirst(items: T[], done: () => void): void;
}

interface Job<T> {
  items: T[];
  begun: number;
  failed: boolean;
  done: () => void;
}

/** `work` answers whether it could be done, and never rejects. */
export function createChunks<T>(size: number, work: (item: T) => Promise<boolean>): Chunks<T> {
  const jobs: Job<T>[] = [];
  let running = false;

  async function workFor(job: Job<T>, item: T): Promise<void> {
    if (!(await work(item))) job.failed = true;
  }

  async function workChunk(): Promise<void> {
    const works: Promise<void>[] = [];
    const touched = new Set<Job<T>>();
    for (const job of jobs) {
      const items = job.items.slice(job.begun, job.begun + size - works.length);
      job.begun += items.length;
      touched.add(job);
      for (const item of items) works.push(workFor(job, item));
      if (works.length === size) break;
    }
    await Promise.all(works);
    for (const job of touched) {
      if (!job.failed && job.begun < job.items.length) continue;
      jobs.splice(jobs.indexOf(job), 1);
      job.done();
    }
  }

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    while (jobs.length > 0) await workChunk();
    running = false;
  }

  const take = (items: T[], done: () => void, put: (job: Job<T>) => void) => {
    put({ items, begun: 0, failed: false, done });
    void run();
  };
  return {
    add: (items, done) => take(items, done, (job) => jobs.push(job)),
    addFirst: (items, done) => take(items, done, (job) => jobs.unshift(job)),
  };
}
