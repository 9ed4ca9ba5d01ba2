// A Chromium of this machine; none is downloaded.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, launch } from "puppeteer-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Says what to install. */
export const NO_CHROMIUM =
  "No Chromium here. On Debian: apt-get install chromium fonts-noto-core fonts-noto-cjk; or name one in CHROMIUM.";

/** Where a Chromium is: `CHROMIUM`, or the first in the path; null where there is none. */
export function findChromium({ CHROMIUM, PATH = "" }: NodeJS.ProcessEnv): string | null {
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...(CHROMIUM ? [CHROMIUM] : []), ...places].find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error) return false;
    throw error;
  }
}

/** Throws where there is no Chromium, with what to install. */
export async function openBrowser(env: NodeJS.ProcessEnv): Promise<Browser> {
  const executablePath = findChromium(env);
  if (executablePath === null) throw new Error(NO_CHROMIUM);
  return launch({
    executablePath,
    // Root has no sandbox there; the pages are ours.
    args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"],
  });
}
