// The languages that mails are written in: each is a file in `languages/`, and nothing else has to know of it.
import { readdir } from "node:fs/promises";
import type { Words } from "./words.ts";

/** What readers get whose language isn't there. */
const FALLBACK = "en.ts";

/**
 * The `words` of every TypeScript file in a folder (its URL ends in `/`): English first, the others in the order of their names.
 * Throws where English is missing, and names a file that has no `words`.
 */
export async function readLanguages(folder: URL): Promise<[Words, ...Words[]]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const others = files.filter((name) => name !== FALLBACK).toSorted();
  const [fallback, ...rest] = await Promise.all([FALLBACK, ...others].map((name) => wordsIn(folder, name)));
  if (!fallback) throw new Error(`there is no ${FALLBACK}`);
  return [fallback, ...rest];
}

async function wordsIn(folder: URL, name: string): Promise<Words> {
  const { words } = (await import(new URL(name, folder).href)) as { words?: Words };
  if (!words) throw new Error(`${name} exports no words`);
  return words;
}

/** The first one is that of those whose language isn't here. */
export const LANGUAGES: readonly [Words, ...Words[]] = await readLanguages(
  new URL("./languages/", import.meta.url),
);
