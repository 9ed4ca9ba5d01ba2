import { createHash } from "node:crypto";
import { Type } from "@sinclair/typebox";
import { createHmacSha256 } from "./hmac.ts";

/** A list's name in paths, events and databases: lower-case letters, digits and inner hyphens. */
export const WaitlistId = Type.String({ pattern: "^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$", maxLength: 63 });
/** A person on a list: 26 characters of lower-case base32 (RFC 4648), 130 bits of an HMAC. */
export const EntryId = Type.String({ pattern: "^[a-z2-7]{26}$" });
/** Any other identifier that we make: letters, digits, `-` and `_`. */
export const OpaqueId = Type.String({ pattern: "^[A-Za-z0-9_-]{1,64}$" });

/** A mail, by its kind and its cause: an invite, or a person and the offset of a signup. */
export const MailId = Type.String({
  pattern: "^(confirmation|welcome|already|invite|reminder|expired):[A-Za-z0-9_-]{1,64}(:[0-9]{1,16})?$",
});

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
/** Digits and capitals without 0/O, 1/I/L: people read codes aloud and type them from paper. */
const CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
const CODE_LENGTH = 12;

/** An installation has one secret. */
let latest = { secret: "", sign: createHmacSha256("") };

function hmac(secret: string, ...parts: string[]): Buffer {
  if (latest.secret !== secret) latest = { secret, sign: createHmacSha256(secret) };
  return latest.sign(parts.join("\n"));
}

/** RFC 4648 base32 in lower case, without padding. */
function base32(bytes: Uint8Array, length: number): string {
  let out = "";
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      out += BASE32[(buffer >> (bits - 5)) & 31];
      bits -= 5;
    }
    buffer &= (1 << bits) - 1;
    if (out.length >= length) return out.slice(0, length);
  }
  return out.slice(0, length);
}

/**
 * The same person on the same list is the same key in every service, with no look-up, and says nothing about
 * the address to whoever has not the secret. `canonicalEmail` comes from `canonicalAddress`.
 */
export const entryIdOf = (secret: string, waitlistId: string, canonicalEmail: string): string =>
  base32(hmac(secret, waitlistId, canonicalEmail), 26);

/** What a person shares so that friends name them in `referredBy`: the first 10 characters of the entryId. */
export const referralCodeOf = (entryId: string): string => entryId.slice(0, 10);

/** A batch asked for twice under one `Idempotency-Key` is the same batch, with or without Redis. */
export const batchIdOf = (secret: string, waitlistId: string, idempotencyKey: string): string =>
  `b-${base32(hmac(secret, "batch", waitlistId, idempotencyKey), 20)}`;

/**
 * The event id of a definition asked for under an `Idempotency-Key`: the same request again is the same event, with or without
 * Redis, and a repeat on the log changes nothing. Another body, or another `If-Match`, is another one.
 */
export const definitionIdOf = (
  secret: string,
  waitlistId: string,
  { key, ifMatch = "", definition }: { key: string; ifMatch?: string | undefined; definition: unknown },
): string =>
  `d-${base32(hmac(secret, "definition", waitlistId, key, ifMatch, JSON.stringify(definition)), 24)}`;

/**
 * The event id of a signup made under an `Idempotency-Key`: the same request again is the same event, with or without Redis, and
 * a second one on the log is nobody's repeat. Another body is another one; `signup` leaves out what a retry brings anew.
 */
export const joinIdOf = (
  secret: string,
  waitlistId: string,
  { key, signup }: { key: string; signup: unknown },
): string => `j-${base32(hmac(secret, "join", waitlistId, key, JSON.stringify(signup)), 24)}`;

/** The event id of a schedule's setting asked for under an `Idempotency-Key`: one that comes again sets nothing back. */
export const settingIdOf = (
  secret: string,
  { waitlistId, scheduleId }: { waitlistId: string; scheduleId: string },
  { key, wanted }: { key: string; wanted: unknown },
): string => `c-${base32(hmac(secret, "setting", waitlistId, scheduleId, key, JSON.stringify(wanted)), 24)}`;

/** The batch of one that gives an invite's place to the next in order: one for each invite, whatever freed it. */
export const reclaimBatchIdOf = (secret: string, inviteId: string): string =>
  `r-${base32(hmac(secret, "reclaim", inviteId), 20)}`;

/** One slot of one version of a schedule is one batch, whoever proposes it and however often; `slot` in milliseconds. */
export const slotBatchIdOf = (
  secret: string,
  schedule: { waitlistId: string; scheduleId: string; offset: number },
  slot: number,
): string => {
  const { waitlistId, scheduleId, offset } = schedule;
  return `s-${base32(hmac(secret, "slot", waitlistId, scheduleId, String(offset), String(slot)), 20)}`;
};

/** Mails asked for again under one `Idempotency-Key` are asked for once; `what` is which of them. */
export const resendIdOf = (
  secret: string,
  { waitlistId, what, idempotencyKey }: { waitlistId: string; what: string; idempotencyKey: string },
): string => `m-${base32(hmac(secret, "resend", waitlistId, what, idempotencyKey), 20)}`;

/** One attempt to redeem an invite: a retry of the same admin key under one `Idempotency-Key` is the same attempt. */
export const attemptIdOf = (
  secret: string,
  { inviteId, keyName, idempotencyKey }: { inviteId: string; keyName: string; idempotencyKey: string },
): string => `a-${base32(hmac(secret, "attempt", inviteId, keyName, idempotencyKey), 24)}`;

/** How a code is looked up: the database compares this, so that its timing says nothing about codes. */
export const codeKeyOf = (secret: string, code: string): string => base32(hmac(secret, "code-key", code), 26);

/** A code as people type it: in any case, with or without its hyphens. Null where it can't be one. */
export function readInviteCode(text: string): string | null {
  const symbols = text.toUpperCase().replace(/[\s-]/g, "");
  const groups = /^([2-9A-HJKMNP-Z]{4})([2-9A-HJKMNP-Z]{4})([2-9A-HJKMNP-Z]{4})$/.exec(symbols);
  return groups ? groups.slice(1).join("-") : null;
}

/** The same for a replay of the batch as for its first run: one place in one batch has one invite. */
export const inviteIdOf = (secret: string, batchId: string, entryId: string, joinOffset: number): string =>
  `i-${base32(hmac(secret, "invite", batchId, entryId, String(joinOffset)), 24)}`;

/**
 * The code that a person types: 12 characters in three groups, 59 bits, made from the inviteId so that a
 * replay makes the same one, and unguessable without the secret.
 */
export function inviteCodeOf(secret: string, inviteId: string): string {
  let rest = BigInt(`0x${hmac(secret, "code", inviteId).toString("hex")}`);
  const base = BigInt(CODE_ALPHABET.length);
  let code = "";
  for (let i = 0; i < CODE_LENGTH; i++) {
    code += CODE_ALPHABET[Number(rest % base)];
    rest /= base;
    if (i % 4 === 3 && i < CODE_LENGTH - 1) code += "-";
  }
  return code;
}

/** Names the secret without telling it: services refuse to start on data that another secret made. */
export const secretFingerprint = (secret: string): string => base32(hmac(secret, "fingerprint"), 12);

/**
 * The partition that holds a list's history. Ours, not the broker's default: the number of partitions is a
 * recorded setting, so that adding partitions to the topic moves no list.
 */
export function partitionOf(waitlistId: string, partitions: number): number {
  return createHash("sha256").update(waitlistId).digest().readUInt32BE(0) % partitions;
}
