// What a token shows of its place, as a state that can be told from the one before.
import { hash } from "node:crypto";
import { ProblemError, type StoredEntry } from "@waitlist/contracts";
import type { StatusClaims } from "@waitlist/tokens";
import { acceptedView, isLaterPlace, seesOnlyAccepted, statusView } from "../domain/status-view.ts";
import type { Places } from "../places.ts";
import type { Definitions } from "../ports.ts";
import type { State } from "./wire.ts";

/** `waiting`: the place isn't stored yet. */
export interface Shown {
  state: State;
  waiting: boolean;
}

/**
 * `find` for a stream that opens, `follow` for streams that are open. Throws `ProblemError`: `entry-not-found` where the
 * status read would, `unavailable` where it can't be known now.
 */
export type Look = (claims: StatusClaims, how: "find" | "follow") => Promise<Shown>;

export interface LookDeps {
  definitions: Pick<Definitions, "get">;
  places: Places;
  publicUrl: string;
}

/**
 * The rules are those of the status read: on a private list a typed token looks nothing up. What else is held of the
 * person is left to that, because it isn't in Redis.
 */
export function createLook({ definitions, places, publicUrl }: LookDeps): Look {
  /** Who left and joined again is watched by the token of the former place: seldom enough to ask storage. */
  const formerPlace = async (claims: StatusClaims): Promise<StoredEntry> => {
    const { entry } = await places.held(claims);
    if (!entry) throw new ProblemError("unavailable", undefined, { retryAfter: 2 });
    return entry;
  };

  return async (claims, how) => {
    const list = await definitions.get(claims.waitlistId);
    if (!list) throw new ProblemError("entry-not-found");
    // Nothing else will ever be shown: a stream that is kept for that would be of no use but to whoever collects them.
    if (seesOnlyAccepted(claims, list.definition))
      return { state: { ...stateOf(acceptedView(claims)), last: true }, waiting: false };
    const found = await places[how](claims.waitlistId, claims.entryId, claims.joinOffset);
    if (found.entry) {
      const entry = isLaterPlace(claims, found.entry) ? await formerPlace(claims) : found.entry;
      return { state: stateOf(statusView(claims, entry, list.definition, publicUrl)), waiting: false };
    }
    if (found.applied) throw new ProblemError("entry-not-found");
    return { state: stateOf(acceptedView(claims)), waiting: true };
  };
}

/** What a view says is what names it: reconnections may come to another process. */
function stateOf(view: { status: string }): State {
  const data = JSON.stringify(view);
  const id = hash("sha256", data, "base64url").slice(0, 22);
  return { id, data, last: view.status === "left" };
}
