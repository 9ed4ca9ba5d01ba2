// What the routes read.
import type { Installation } from "@waitlist/contracts";
import type { CursorStore } from "@waitlist/kafka";
import type { Definitions, DefinitionsByEvent } from "@waitlist/roster";
import type { EntryQueries } from "../adapters/mongo-queries.ts";
import type { ReadModel } from "../adapters/redis-read-model.ts";

export interface RecordReads {
  definitions: Pick<Definitions, "inForce"> & DefinitionsByEvent;
  queries: EntryQueries;
  cursors: Pick<CursorStore, "load">;
  readModel: Pick<ReadModel, "countOpen">;
  installation: Installation;
}
