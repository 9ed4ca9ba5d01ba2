import type { AppliedWaits } from "../applied-waits.ts";
import type { Places } from "../places.ts";
import type { Clock, EventLog, Storage } from "../ports.ts";

/** What acting on a place needs. */
export interface ActDeps {
  log: EventLog;
  places: Places;
  storage: Pick<Storage, "places">;
  waits: AppliedWaits;
  clock: Clock;
}
