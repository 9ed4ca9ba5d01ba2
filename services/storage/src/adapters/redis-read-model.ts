import { randomUUID } from "node:crypto";
import {
  type AppliedAnnouncement,
  READ_MODEL_CHANNEL,
  readModelCursorKey,
  readModelKeys,
} from "@waitlist/contracts";
import type { RedisConnection } from "@waitlist/redis";
import { type Entry, toReadModel } from "../domain/views.ts";
import { ENTRY_FIELDS, SCRIPTS } from "./redis-scripts.ts";

/** What the model says of itself: everything of a partition below `next` was there, in a run of Redis. */
export interface ModelState {
  next: number;
  run: string;
  /** A name that goes away with everything else where Redis is emptied: two states of one epoch belong together. */
  epoch: string;
}

/** The status pages' copy of the entries. Every method throws while Redis is away. */
export interface ReadModel {
  /** The run of Redis that we are connected to, or null while we aren't. */
  runId(): string | null;
  /** Writes entries, each guarded by its `lastOffset`. */
  write(entries: Iterable<Entry>): Promise<void>;
  /** Says that everything of a partition below `next` is there; false where something before `first` is missing. */
  advance(partition: number, first: number, next: number): Promise<boolean>;
  /** What the model says of a partition, whichever run wrote it; null where it says nothing. */
  state(partition: number): Promise<ModelState | null>;
  /** Says nothing of a partition any more where that would be less than `next`; returns the epoch. */
  beginRebuild(partition: number, next: number): Promise<string>;
  /**
   * Says it of a partition that was found or made complete in that run and epoch; false where the model was emptied
   * since. Throws where Redis has been restarted since: it may have lost what was written.
   */
  stamp(partition: number, state: ModelState): Promise<boolean>;
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
const EPOCH_KEY = "waitlist:read-model:epoch";

/** `scripts` are only ever changed by the tests of their guards. */
export function createReadModel(
  { client, runId }: Pick<RedisConnection, "client" | "runId">,
  scripts: typeof SCRIPTS = SCRIPTS,
): ReadModel {
  client.defineCommand("writeEntries", { lua: scripts.WRITE_ENTRIES });
  client.defineCommand("advanceCursor", { numberOfKeys: 1, lua: scripts.ADVANCE_CURSOR });
  client.defineCommand("beginRebuild", { numberOfKeys: 2, lua: scripts.BEGIN_REBUILD });
  client.defineCommand("stampCursor", { numberOfKeys: 2, lua: scripts.STAMP_CURSOR });

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
    runId,
    write: async (entries) => {
      run();
      const lists = Map.groupBy(entries, ({ waitlistId }) => waitlistId);
      await Promise.all([...lists].map(([waitlistId, ofList]) => writeList(waitlistId, ofList)));
    },
    advance: async (partition, first, next) =>
      (await callScript(client, "advanceCursor", readModelCursorKey(partition), first, next, run())) === 1,
    state: async (partition) => {
      run();
      const [cursor, epoch] = await client.mget(readModelCursorKey(partition), EPOCH_KEY);
      const [, next, writtenIn] = /^(\d+):(.+)$/.exec(cursor ?? "") ?? [];
      return next && writtenIn && epoch ? { next: Number(next), run: writtenIn, epoch } : null;
    },
    beginRebuild: async (partition, next) => {
      run();
      const keys = [readModelCursorKey(partition), EPOCH_KEY];
      return String(await callScript(client, "beginRebuild", ...keys, next, randomUUID()));
    },
    stamp: async (partition, { next, run: seenIn, epoch }) => {
      if (run() !== seenIn) throw new ReadModelIncomplete("Redis has been restarted");
      const keys = [readModelCursorKey(partition), EPOCH_KEY];
      return (await callScript(client, "stampCursor", ...keys, next, seenIn, epoch)) === 1;
    },
    announce: async (announcement) => {
      await client.publish(READ_MODEL_CHANNEL, JSON.stringify(announcement));
    },
    countOpen: async (waitlistId, partition) => {
      run();
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

type Script = "writeEntries" | "advanceCursor" | "beginRebuild" | "stampCursor";
type ScriptedClient = Record<Script, (...args: (string | number)[]) => Promise<unknown>>;

/** `defineCommand` adds methods that the client's type doesn't know. */
const callScript = (client: unknown, script: Script, ...args: (string | number)[]): Promise<unknown> =>
  (client as ScriptedClient)[script](...args);
