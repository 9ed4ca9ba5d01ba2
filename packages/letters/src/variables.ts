// What a mail's text may name. Nothing that a signer typed is here but the name, and that only in mails to who was let in:
// the first ones go to an address that anybody could have typed.
import type { MailKind } from "@waitlist/contracts";

/** Filled in for each letter; `list` is the list's name. */
export type ValueName =
  | "list"
  | "position"
  | "name"
  | "code"
  | "expiresAt"
  | "statusUrl"
  | "confirmUrl"
  | "placeUrl"
  | "inviteUrl"
  | "leaveUrl";

/** Known before the letter is: a text can only ask for them. */
export type FlagName = "pending" | "invited" | "requeued";

export interface KindVariables {
  values: readonly ValueName[];
  /** What `if` may ask for: flags, and the values that may be missing. */
  conditions: readonly (FlagName | "name")[];
  /** The one link that the mail is for: a text without it would be of no use. */
  needed: ValueName | null;
}

const INVITE: KindVariables = {
  values: ["list", "position", "name", "code", "expiresAt", "inviteUrl", "statusUrl", "leaveUrl"],
  conditions: ["name"],
  needed: "inviteUrl",
};

export const VARIABLES: Record<MailKind, KindVariables> = {
  confirmation: {
    values: ["list", "position", "confirmUrl", "leaveUrl"],
    conditions: [],
    needed: "confirmUrl",
  },
  welcome: { values: ["list", "position", "statusUrl", "leaveUrl"], conditions: [], needed: null },
  // `placeUrl` confirms the place where that is still to be done, and shows it otherwise.
  already: {
    values: ["list", "position", "placeUrl", "leaveUrl"],
    conditions: ["pending", "invited"],
    needed: "placeUrl",
  },
  invite: INVITE,
  reminder: INVITE,
  expired: {
    values: ["list", "position", "name", "statusUrl", "leaveUrl"],
    conditions: ["name", "requeued"],
    needed: null,
  },
};

/** Addresses of ours, which may be the whole of a link; nothing else may be in one. */
export const URL_VALUES: readonly ValueName[] = [
  "statusUrl",
  "confirmUrl",
  "placeUrl",
  "inviteUrl",
  "leaveUrl",
];

/** What is known of a letter before its values are. */
export interface Shape {
  pending: boolean;
  invited: boolean;
  requeued: boolean;
  /** Whether a name is known. */
  name: boolean;
}

/** Every shape that a letter of this kind can have. */
export function shapesOf(kind: MailKind): Shape[] {
  const none: Shape = { pending: false, invited: false, requeued: false, name: false };
  // A place that is invited has nothing to confirm.
  if (kind === "already") return [none, { ...none, pending: true }, { ...none, invited: true }];
  return VARIABLES[kind].conditions.reduce<Shape[]>(
    (shapes, condition) => shapes.flatMap((shape) => [shape, { ...shape, [condition]: true }]),
    [none],
  );
}
