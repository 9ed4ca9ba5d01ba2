// MJML in a thread of its own. To load it takes a second and 80 MB, to lay a mail out tens of milliseconds: neither is to stop
// whoever sends mails. The thread begins with the first mail to be laid out, and ends when there has been none for a while.
import { Worker } from "node:worker_threads";
import { LRUCache } from "lru-cache";

export interface MjmlTask {
  id: number;
  source: string;
}
export type MjmlAnswer = { id: number; html: string } | { id: number; error: string };

const IDLE_MS = 30_000;
/** A mail's tree takes a few MB. */
const LARGEST_HEAP_MB = 256;

interface Thread {
  compile(source: string): Promise<string>;
}

/** One for the process: it costs more than what it does. */
let thread: Thread | null = null;

/** Frames by their source, of some 15 KB each: lists of one colour have the same ones, since no text of theirs is in them. */
const frames = new LRUCache<string, Promise<string>>({ max: 500 });

/** The HTML of an MJML document of ours. Rejects where it isn't one, a mistake in the frame, and where the thread ended. */
export function compileMjml(source: string): Promise<string> {
  const known = frames.get(source);
  if (known) return known;
  const made = compileAside(source).catch((error: unknown) => {
    frames.delete(source);
    throw error;
  });
  frames.set(source, made);
  return made;
}

function compileAside(source: string): Promise<string> {
  thread ??= startThread((ended) => {
    if (thread === ended) thread = null;
  });
  return thread.compile(source);
}

/** `onEnd` is told when nothing more is to be asked of it. */
function startThread(onEnd: (ended: Thread) => void): Thread {
  const worker = new Worker(new URL("./mjml-worker.ts", import.meta.url), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: LARGEST_HEAP_MB },
  });
  const waiting = new Map<number, PromiseWithResolvers<string>>();
  let count = 0;
  let idle: NodeJS.Timeout | undefined;

  function end(cause: Error): void {
    onEnd(self);
    clearTimeout(idle);
    for (const { reject } of waiting.values()) reject(cause);
    waiting.clear();
  }

  /** Nobody is kept from ending by a thread that has nothing to do. */
  function rest(): void {
    worker.unref();
    idle = setTimeout(() => {
      onEnd(self);
      void worker.terminate();
    }, IDLE_MS).unref();
  }

  worker.on("message", (answer: MjmlAnswer) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) rest();
    if ("html" in answer) asked?.resolve(answer.html);
    else asked?.reject(new Error(answer.error));
  });
  worker.on("error", end);
  worker.on("exit", () => end(new Error("the thread that lays mails out has ended")));

  const self: Thread = {
    compile: (source) => {
      clearTimeout(idle);
      worker.ref();
      count += 1;
      const asked = Promise.withResolvers<string>();
      waiting.set(count, asked);
      const task: MjmlTask = { id: count, source };
      worker.postMessage(task);
      return asked.promise;
    },
  };
  return self;
}
