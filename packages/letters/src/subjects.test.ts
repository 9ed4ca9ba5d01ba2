import { MAIL_KINDS } from "@waitlist/contracts";
import { expect, test } from "vitest";
import { LANGUAGES } from "./languages.ts";
import { createLetters } from "./letters.ts";
import { SCENES } from "./pictures/scenes.ts";
import { createSubjectReader } from "./subjects.ts";

test.each(LANGUAGES.map(({ tag }) => tag))("a mail's kind can be told by its subject in %s", async (tag) => {
  const letters = createLetters();
  const hasSubjectOf = createSubjectReader();
  for (const { name, list, facts } of SCENES.filter((scene) => scene.name.startsWith(`${tag}.`))) {
    const { subject } = await letters.write({ ...list, name: "The (new) list" }, facts);
    expect(
      MAIL_KINDS.filter((kind) => hasSubjectOf(kind, subject)),
      name,
    ).toEqual([facts.kind]);
  }
});

test("other subjects are of no kind", () => {
  const hasSubjectOf = createSubjectReader();
  expect(MAIL_KINDS.filter((kind) => hasSubjectOf(kind, "You've won on the waitlist"))).toEqual([]);
});
