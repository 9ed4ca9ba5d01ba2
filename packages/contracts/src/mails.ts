// The mails that a place can cause, by kind.
import { Type } from "@sinclair/typebox";

export const MAIL_KINDS = ["confirmation", "welcome", "already", "invite", "reminder", "expired"] as const;
export type MailKind = (typeof MAIL_KINDS)[number];
export const MailKindName = Type.Union(MAIL_KINDS.map((kind) => Type.Literal(kind)));
