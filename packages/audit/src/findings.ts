// What the audit found to differ. Entries are named by their ids and offsets: never a person, an address or a code.

/** Whose word differs from what the audit worked out: the log's own facts, or one service's database. */
export type Where = "log" | "storage" | "email" | "invite";
export type Service = Exclude<Where, "log">;
export const SERVICES: readonly Service[] = ["storage", "email", "invite"];

export interface Difference {
  where: Where;
  waitlistId: string;
  /** Of the record that it is about. */
  offset?: number;
  entryId?: string;
  what: string;
}

/** How many differences of one list are shown; the others are counted. */
export const SHOWN_A_LIST = 20;

export interface ListFindings {
  count: number;
  byWhere: Record<Where, number>;
  /** The first of them, as they were found: the log's own before the databases'. */
  first: Difference[];
}

export interface Findings {
  add(difference: Difference): void;
  of(waitlistId: string): ListFindings;
  total(): number;
}

/** Collects differences in bounded memory, however many there are. */
export function createFindings(): Findings {
  const lists = new Map<string, ListFindings>();
  const none = (): ListFindings => ({
    count: 0,
    byWhere: { log: 0, storage: 0, email: 0, invite: 0 },
    first: [],
  });
  return {
    add: (difference) => {
      const found = lists.get(difference.waitlistId) ?? none();
      lists.set(difference.waitlistId, found);
      found.count += 1;
      found.byWhere[difference.where] += 1;
      if (found.first.length < SHOWN_A_LIST) found.first.push(difference);
    },
    of: (waitlistId) => lists.get(waitlistId) ?? none(),
    total: () => [...lists.values()].reduce((sum, { count }) => sum + count, 0),
  };
}
