import {
  type AppliedAnnouncement,
  READ_MODEL_CHANNEL,
  readModelCursorKey,
  readModelKeys,
} from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import { type Entry, toReadModel } from "../domain/views.ts";
import { ADVANCE_CURSOR, ENTRY_FIELDS, WRITE_ENTRIES } from "./redis-scripts.ts";

/** The status pages' copy of the entries. Every method throws while Redis is away. */
export interface ReadModel {
  /** Writes entries, each guarded by its `lastOffset`. */
  write(entries: Iterable<Entry>): Promise<void>;
  /** Says that everything of a partition below `next` is there; false where something before `first` is missing. */
  advance(partition: number, first: number, next: number): Promise<boolean>;
  /** Up to where the model holds a partition, whichever run of Redis wrote it; null where it doesn't say. */
  heldUpTo(partition: number): Promise<number | null>;
  /** Sets the cursor, for this run: the model was found or made complete up to there. */
  stamp(partition: number, next: number): Promise<void>;
  /** Tells the gateways what can be read now. */
  announce(announcement: AppliedAnnouncement): Promise<void>;
  /** Open places of a list; throws `ReadModelIncomplete` where the model isn't up to date for its partition. */
  countOpen(waitlistId: string, partition: number): Promise<number>;
}

/** The model can't be believed right now. */
export class ReadModelIncomplete extends Error {
  override name = "ReadModelIncomplete";
}

const SCRIPT_ENTRIES = 200;

export function createReadModel({ client, runId }: Pick<RedisConnection, "client" | "runId">): ReadModel {
  client.defineCommand("writeEntries", { lua: WRITE_ENTRIES });
  client.defineCommand("advanceCursor", { numberOfKeys: 1, lua: ADVANCE_CURSOR });

  const run = (): string => {
    const id = runId();
    if (!id) throw new ReadModelIncomplete("Redis is away");
    return id;
  };

  async function writeList(waitlistId: string, entries: Entry[]): Promise<void> {
    const keys = readModelKeys(waitlistId);
    const pages: Promise<unknown>[] = [];
    for (let start = 0; start < entries.length; start += SCRIPT_ENTRIES) {
      const page = entries.slice(start, start + SCRIPT_ENTRIES);
      const names = [
        keys.queue,
        keys.counts,
        keys.referrals,
        ...page.map(({ entryId }) => keys.entry(entryId)),
      ];
      pages.push(
        callScript(client, "writeEntries", names.length, ...names, ...page.flatMap(scriptArguments)),
      );
    }
    await Promise.all(pages);
  }

  return {
    write: async (entries) => {
      run();
      const lists = Map.groupBy(entries, ({ waitlistId }) => waitlistId);
      await Promise.all([...lists].map(([waitlistId, ofList]) => writeList(waitlistId, ofList)));
    },
    advance: async (partition, first, next) =>
      (await callScript(client, "advanceCursor", readModelCursorKey(partition), first, next, run())) === 1,
    heldUpTo: async (partition) => {
      const stored = await client.get(readModelCursorKey(partition));
      return stored ? Number.parseInt(stored, 10) : null;
    },
    stamp: async (partition, next) => {
      await client.set(readModelCursorKey(partition), `${next}:${run()}`);
    },
    announce: async (announcement) => {
      await client.publish(READ_MODEL_CHANNEL, JSON.stringify(announcement));
    },
    countOpen: async (waitlistId, partition) => {
      const [cursor, counts] = await Promise.all([
        client.get(readModelCursorKey(partition)),
        client.hgetall(readModelKeys(waitlistId).counts),
      ]);
      if (!cursor?.endsWith(`:${run()}`)) throw new ReadModelIncomplete("the read model is being rebuilt");
      const open = Object.entries(counts).filter(([status]) => status !== "left");
      return open.reduce((sum, [, count]) => sum + Number(count), 0);
    },
  };
}

function scriptArguments(entry: Entry): string[] {
  const fields = toReadModel(entry);
  return [entry.entryId, ...ENTRY_FIELDS.map((field) => fields[field])];
}

type Script = "writeEntries" | "advanceCursor";
type ScriptedClient = Record<Script, (...args: (string | number)[]) => Promise<unknown>>;

/** `defineCommand` adds methods that the client's type doesn't know. */
const callScript = (client: unknown, script: Script, ...args: (string | number)[]): Promise<unknown> =>
  (client as ScriptedClient)[script](...args);
