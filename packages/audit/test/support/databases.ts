// The three databases as the services would have left them after a history, in memory, for tests to spoil.
import { codeKeyOf, inviteCodeOf, secretFingerprint } from "@waitlist/contracts";
import type {
  BatchDocument,
  ChosenInDocument,
  CodeInDocument,
  Databases,
  DefinitionDocument,
  EntryDocument,
  InviteInDocument,
  PlaceInDocument,
  ScheduleDocument,
} from "../../src/databases/documents.ts";
import { SERVICES, type Service } from "../../src/findings.ts";
import type { Invites, PaperBatch, PaperPlace } from "../../src/paper/model.ts";
import { runOf } from "../../src/paper/schedules.ts";
import { type History, LIST, SECRET } from "./history.ts";

export interface Stored {
  entries: Record<Service, EntryDocument[]>;
  batches: BatchDocument[];
  parts: Map<string, ChosenInDocument[]>;
  codes: CodeInDocument[];
  schedules: ScheduleDocument[];
  /** Offset of the next record of each service, in every partition. */
  next: Record<Service, number>;
  /** What was the invite service's when the audit began. */
  passed: number;
  databases: Databases;
}

const PART_SIZE = 2;

function invitesOf({ given }: Invites): Pick<PlaceInDocument, "invite" | "formerInvites"> {
  const invites = given.map(({ closed, outOfOrder, ...invite }): InviteInDocument => {
    const { seen: seenOffset = 0, requeued, ...closing } = closed ?? {};
    const stored = {
      ...closing,
      seenOffset,
      ...(requeued ? { requeued } : {}),
    } as InviteInDocument["closed"];
    return {
      ...invite,
      ...(outOfOrder ? { outOfOrder } : {}),
      ...(closed && stored ? { closed: stored } : {}),
    };
  });
  const invite = invites.at(-1);
  return invite ? { invite, ...(invites.length > 1 ? { formerInvites: invites.slice(0, -1) } : {}) } : {};
}

function documentOf(
  entryId: string,
  places: PaperPlace[],
  repeatIds: string[],
  view: "decided" | "told",
): EntryDocument {
  const stored = places.map((place): PlaceInDocument => {
    const { index: _, entryId: __, decided: ___, told: ____, ...fields } = place;
    return { ...fields, ...invitesOf(place[view]) };
  });
  const newest = places.at(-1);
  const last = newest?.[view].given.at(-1);
  const waiting = newest?.needsConfirmation && newest.confirmedOffset === undefined ? "pending" : "waiting";
  const invited = last && !last.closed?.requeued ? (last.closed?.how ?? "invited") : waiting;
  const status = newest?.endOffset === undefined ? invited : "left";
  return {
    _id: entryId,
    waitlistId: LIST,
    places: stored,
    repeatIds,
    position: newest?.position ?? 0,
    status,
  };
}

function batchDocument({ records }: History, batch: PaperBatch): BatchDocument {
  const { batchId, waitlistId, offset, count, isNamed, expiresAt, chosen, eligible, withdrawn, completed } =
    batch;
  const taken = chosen.size;
  const asked = records[offset]?.event;
  const run = asked?.type === "InviteBatchRequested" ? runOf(asked.data) : null;
  return {
    ...{ _id: batchId, waitlistId, offset, count, partSize: PART_SIZE },
    ...(isNamed ? { named: {} } : {}),
    ...(run ? { run } : {}),
    decision: {
      ...{ taken, highest: [...chosen.values()].at(-1)?.position ?? 0, expiresAt },
      ...(eligible === undefined ? {} : { eligible }),
    },
    progress: { upTo: taken, allocated: taken },
    withdrawn: withdrawn === undefined ? null : { offset: withdrawn },
    completed: completed === undefined ? null : { offset: completed },
  };
}

const codesOf = ({ batchId, waitlistId, expiresAt, chosen }: PaperBatch): CodeInDocument[] =>
  [...chosen.values()].map((place) => ({
    _id: codeKeyOf(SECRET, inviteCodeOf(SECRET, place.inviteId)),
    ...{ ...place, batchId, waitlistId, expiresAt },
  }));

/** What all three services have stored once they have read the whole history. */
export function store(history: History): Stored {
  const { entries, batches, schedules, runs } = history.list();
  const documents = (service: Service) =>
    [...entries].map(([entryId, { places, repeatIds }]) =>
      documentOf(entryId, places, repeatIds, service === "invite" ? "decided" : "told"),
    );
  const parts = new Map<string, ChosenInDocument[]>();
  for (const { batchId, chosen } of batches) {
    const places = [...chosen.values()].map((place) => ({ ...place }));
    for (let at = 0; at < places.length; at += PART_SIZE) {
      parts.set(`${batchId}:${at / PART_SIZE}`, places.slice(at, at + PART_SIZE));
    }
  }
  const end = history.records.length;
  const stored = {
    entries: { storage: documents("storage"), email: documents("email"), invite: documents("invite") },
    batches: batches.map((batch) => batchDocument(history, batch)),
    parts,
    codes: batches.flatMap(codesOf),
    schedules: [...schedules].map(([scheduleId, { offset, isActive, total }]) => ({
      ...{ waitlistId: LIST, scheduleId, offset, state: isActive ? "active" : "paused" },
      ...(total === null ? {} : { total }),
      ...{ asked: runs.get(scheduleId)?.asked ?? 0, lastSlot: runs.get(scheduleId)?.lastSlot ?? null },
      lastOffset: lastRun(history, scheduleId) ?? offset,
    })),
    next: { storage: end, email: end, invite: end },
    passed: end,
  };
  const definitions = history.records.flatMap(({ offset, event }) =>
    event.type === "WaitlistDefined" ? [{ offset, definition: event.data.definition }] : [],
  );
  // What a test spoils, the databases show.
  return Object.assign(stored, { databases: databasesOf(stored, definitions, history.list().withdrawn) });
}

/** Of the newest run of a schedule that counted. */
const lastRun = ({ records, paper }: History, scheduleId: string): number | undefined =>
  records.findLast(
    ({ event }) =>
      event.type === "InviteBatchRequested" &&
      event.data.scheduleId === scheduleId &&
      paper.batches.has(event.data.batchId),
  )?.offset;

const databasesOf = (
  stored: Omit<Stored, "databases">,
  definitions: DefinitionDocument[],
  withdrawn: Map<string, number>,
): Databases => {
  const { entries, batches, parts, codes, schedules, next } = stored;
  let isBegun = false;
  return {
    installation: async () => ({ secretFingerprint: secretFingerprint(SECRET), partitions: 1 }),
    lists: async () =>
      new Set(
        [...SERVICES.flatMap((service) => entries[service]), ...batches].map((each) => each.waitlistId),
      ),
    cursor: async (service) => {
      const isFirst = service === "invite" && !isBegun;
      if (isFirst) isBegun = true;
      return isFirst ? Math.min(stored.passed, next.invite) : next[service];
    },
    entries: async function* (service, waitlistId) {
      yield* entries[service].filter((each) => each.waitlistId === waitlistId);
    },
    find: async (service, ids) => entries[service].filter(({ _id }) => ids.includes(_id)),
    batches: async function* (waitlistId) {
      yield* batches.filter((each) => each.waitlistId === waitlistId);
    },
    part: async (batchId, part) => parts.get(`${batchId}:${part}`) ?? null,
    codes: async (keys) => codes.filter(({ _id }) => keys.includes(_id)),
    schedules: async function* (waitlistId) {
      yield* schedules.filter((each) => each.waitlistId === waitlistId);
    },
    definitionBefore: async (_, before) => definitions.findLast(({ offset }) => offset < before) ?? null,
    withdrawals: async () => withdrawn,
    close: async () => undefined,
  };
};
