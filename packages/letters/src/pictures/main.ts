// `pnpm mail:pictures <folder> [part of a name]`: every default mail in every language, 600 and 360 pixels wide, light and dark.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { createLetters } from "../letters.ts";
import { openBrowser } from "./browser.ts";
import { SCENES, type Scene } from "./scenes.ts";

const WIDTHS = [600, 360];
const SCHEMES = ["light", "dark"];

const [folder, part = ""] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Into which folder? pnpm mail:pictures <folder> [part of a name]");
  process.exitCode = 2;
} else {
  const scenes = SCENES.filter(({ name }) => name.includes(part));
  await mkdir(folder, { recursive: true });
  const browser = await openBrowser(process.env);
  try {
    const { pictures, tooWide } = await drawAll(browser, scenes, folder);
    await writeFile(join(folder, "index.html"), overview(scenes));
    console.log(`${pictures} pictures of ${scenes.length} mails, and index.html with all of them.`);
    for (const fault of tooWide) console.error(fault);
    if (tooWide.length > 0) process.exitCode = 1;
  } finally {
    await browser.close();
  }
}

/** `tooWide` names the pages that a reader would have to scroll sideways. */
async function drawAll(browser: Browser, scenes: readonly Scene[], into: string) {
  const letters = createLetters();
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  let pictures = 0;
  const tooWide: string[] = [];
  for (const { name, list, facts } of scenes) {
    const { html } = await letters.write(list, facts);
    for (const width of WIDTHS) {
      for (const scheme of SCHEMES) {
        const took = await draw(page, html, {
          width,
          scheme,
          path: join(into, `${name}.${width}.${scheme}.png`),
        });
        if (took > width)
          tooWide.push(`${name} in ${scheme} is ${took} pixels wide in a window of ${width}.`);
        pictures += 1;
      }
    }
  }
  return { pictures, tooWide };
}

/** Returns how wide the page is, in pixels: no more than its window, unless something sticks out. */
async function draw(
  page: Page,
  html: string,
  { width, scheme, path }: { width: number; scheme: string; path: string },
): Promise<number> {
  await page.setViewport({ width, height: 400, deviceScaleFactor: 1 });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
  await page.setContent(html, { waitUntil: "load" });
  const took = Number(await page.evaluate("document.documentElement.scrollWidth"));
  await page.screenshot({ path: path as `${string}.png`, fullPage: true });
  return took;
}

function overview(scenes: readonly Scene[]): string {
  return `<!doctype html><meta charset="utf-8"><title>Mails</title><body style="font:14px sans-serif;background:#888">${scenes
    .map(({ name }) => {
      const files = WIDTHS.flatMap((width) => SCHEMES.map((scheme) => `${name}.${width}.${scheme}.png`));
      return `<h2>${name}</h2>${files.map((file) => `<img src="${file}" style="vertical-align:top;margin:4px">`).join("")}`;
    })
    .join("\n")}`;
}
