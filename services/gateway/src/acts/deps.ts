import type { Places } from "../places.ts";
import type { Facts } from "./facts.ts";

/** What confirming and leaving need. */
export interface ActDeps {
  places: Pick<Places, "state">;
  facts: Facts;
}
