import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LANGUAGES, readLanguages } from "./languages.ts";

let folder: string;
const asUrl = () => pathToFileURL(`${folder}/`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "languages-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("English comes first, the others in the order of their files' names", () => {
  expect(LANGUAGES.map(({ tag }) => tag)).toEqual(["en", "ar", "de", "es", "fr", "ja", "pt-BR"]);
});

test("a file that is laid beside the others is a language; what exports no words is named", async () => {
  await cp(new URL("./languages/", import.meta.url), folder, { recursive: true });
  const english = await readFile(join(folder, "en.ts"), "utf8");
  await writeFile(join(folder, "nl.ts"), english.replace('tag: "en"', 'tag: "nl"'));
  const languages = await readLanguages(asUrl());
  expect(languages.map(({ tag }) => tag)).toEqual(["en", "ar", "de", "es", "fr", "ja", "nl", "pt-BR"]);
  await writeFile(join(folder, "xx.ts"), "export const word = {};\n");
  await expect(readLanguages(asUrl())).rejects.toThrow("xx.ts exports no words");
});
