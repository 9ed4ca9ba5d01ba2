// What the documents point to is there: files, and headings in them.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...globSync("docs/**/*.md", { cwd: root }),
];

/** As the usual renderers make anchors of headings. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-");

const anchorsIn = (file: string) =>
  [...readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

/** The links of a text that lead nowhere; `from` is the file that it stands in. */
function broken(text: string, from: string): string[] {
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? from : resolve(dirname(from), path);
      return !existsSync(file) || (anchor !== undefined && !anchorsIn(file).includes(anchor));
    });
}

it.each(documents)("every link in %s leads somewhere", (document) => {
  const file = join(root, document);
  expect(broken(readFileSync(file, "utf8"), file)).toEqual([]);
});

it("a link to a file or a heading that isn't there is found", () => {
  const text =
    "[a](docs/none.md) [b](README.md#no-such-heading) [c](README.md#settings) [d](https://none.example)";
  expect(broken(text, join(root, "README.md"))).toEqual(["docs/none.md", "README.md#no-such-heading"]);
});
