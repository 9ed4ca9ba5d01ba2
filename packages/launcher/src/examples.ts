// The sample list and the people who join it.
import { readFile } from "node:fs/promises";
import type { JoinRequest } from "@waitlist/contracts";
import { parse } from "csv-parse/sync";

export const SAMPLE_LIST = "socialode";

const sample = (file: string) => readFile(new URL(`../examples/${file}`, import.meta.url), "utf8");

/** The definition of the sample list, as `PUT` takes it. */
export const sampleDefinition = async (): Promise<unknown> => JSON.parse(await sample("socialode.json"));

type Row = Record<"email" | "name" | "locale" | "why" | "source", string>;

/** The sample signups in order, as a landing page would post them: empty cells are left out. */
export async function sampleSignups(): Promise<JoinRequest[]> {
  const rows = parse<Row>(await sample("socialode-signups.csv"), { columns: true });
  return rows.map(({ email, name, locale, why, source }) => ({
    email,
    ...(name ? { name } : {}),
    ...(locale ? { locale } : {}),
    ...(why ? { answers: { why } } : {}),
    ...(source ? { source } : {}),
  }));
}
