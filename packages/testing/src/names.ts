import { randomBytes } from "node:crypto";

/** A name that no other test has: for a database, a topic prefix, a consumer group. */
export const uniqueName = (what: string): string => `${what}-${randomBytes(5).toString("hex")}`;
