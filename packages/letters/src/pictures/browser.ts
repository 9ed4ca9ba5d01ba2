// A Chromium of this machine; none is downloaded.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, launch } from "puppeteer-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** Where a Chromium is: `CHROMIUM`, or the first in the path. Throws where there is none, with what to install. */
function findChromium({ CHROMIUM, PATH = "" }: NodeJS.ProcessEnv): string {
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = [...(CHROMIUM ? [CHROMIUM] : []), ...places].find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(
    "No Chromium here. On Debian: apt-get install chromium fonts-noto-core fonts-noto-cjk; or name one in CHROMIUM.",
  );
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

export const openBrowser = (env: NodeJS.ProcessEnv): Promise<Browser> =>
  launch({
    executablePath: findChromium(env),
    // Root has no sandbox there; the pages are ours and have no script.
    args: ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"],
  });
