import type { EntryQueries } from "../adapters/mongo-queries.ts";
import type { ReadModel } from "../adapters/redis-read-model.ts";
import type { Entry } from "../domain/views.ts";

export type EveryEntry = Pick<EntryQueries, "waitlistIds" | "stream">;

export interface Rebuilt {
  lists: number;
  entries: number;
}

const PAGE = 500;

/**
 * Writes every entry of the lists that `isWanted` names into the read model, a page at a time. Throws where a database
 * is away, and where `closing` is aborted: what has been written by then is right, but not everything.
 */
export async function rebuildReadModel(
  { readModel, queries }: { readModel: ReadModel; queries: EveryEntry },
  isWanted: (waitlistId: string) => boolean,
  closing: AbortSignal,
): Promise<Rebuilt> {
  const lists = (await queries.waitlistIds()).filter(isWanted);
  let entries = 0;
  for (const list of lists) {
    for await (const page of inPages(queries.stream(list))) {
      closing.throwIfAborted();
      await readModel.write(page);
      entries += page.length;
    }
  }
  return { lists: lists.length, entries };
}

async function* inPages(stream: AsyncIterable<Entry>): AsyncIterable<Entry[]> {
  let page: Entry[] = [];
  for await (const entry of stream) {
    page.push(entry);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
