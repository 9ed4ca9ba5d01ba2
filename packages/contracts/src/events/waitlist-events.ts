import { Type } from "@sinclair/typebox";
import { WaitlistDefinition } from "../definition.ts";
import { OpaqueId, WaitlistId } from "../ids.ts";
import { lineOf } from "../text.ts";
import { JoinOffset } from "./entry-events.ts";
import { defineEvent } from "./envelope.ts";

/** A list was created or changed: what happens after this offset uses this definition. */
export const WaitlistDefined = defineEvent(
  "WaitlistDefined",
  1,
  Type.Object({
    waitlistId: WaitlistId,
    definition: WaitlistDefinition,
    /** Fingerprint of the secret that makes this list's entryIds; the first definition's stays in force. */
    idKeyVersion: OpaqueId,
    /** The name of the admin key that defined it. */
    definedBy: Type.Optional(lineOf(100)),
    /**
     * Offset of the definition that this one changes (`If-Match`): where another is in force by then, this one counts
     * for nothing. So of two changes of the same definition one wins, whichever gateways they came through.
     */
    replaces: Type.Optional(JoinOffset),
  }),
  ["waitlistId", "replaces"],
);
