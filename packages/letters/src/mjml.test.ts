import { expect, test } from "vitest";
import { compileMjml } from "./mjml.ts";

const document = (text: string) =>
  `<mjml><mj-body><mj-section><mj-column><mj-text>${text}</mj-text></mj-column></mj-section></mj-body></mjml>`;

test("a document is laid out once, whoever asks for it meanwhile", async () => {
  const [first, second] = [compileMjml(document("Hello")), compileMjml(document("Hello"))];
  expect(second).toBe(first);
  expect(await first).toContain("Hello");
});

test("one that isn't MJML is refused, and those beside it and after it are laid out", async () => {
  const beside = compileMjml(document("Beside"));
  await expect(compileMjml("<mjml><mj-body><mj-nothing /></mj-body></mjml>")).rejects.toThrow(/mj-nothing/);
  expect(await beside).toContain("Beside");
  expect(await compileMjml(document("After"))).toContain("After");
});
