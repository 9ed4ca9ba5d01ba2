import { mkdir } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import type { Launch, LaunchContext } from "../launch.ts";
import { LOOPBACK } from "../ports.ts";
import { smtpAnswers, webAnswers } from "../probe.ts";

/** The oldest go beyond this; maildev needs some 15 kB of memory for each. */
const KEPT_MAILS = 20_000;

/** maildev: takes every mail, delivers none, and shows them in the browser. */
export async function planMailbox(context: LaunchContext): Promise<Launch> {
  const [smtp, web] = [await context.port("smtp", 1025), await context.port("mailboxWeb", 1080)];
  const mails = join(context.home, "mailbox");
  await mkdir(mails, { recursive: true });
  const options = {
    smtp: String(smtp),
    ip: LOOPBACK,
    web: String(web),
    "web-ip": LOOPBACK,
    "mail-directory": mails,
    "max-emails": String(KEPT_MAILS),
  };
  const webUrl = `http://${LOOPBACK}:${web}`;
  return {
    name: "mailbox",
    command: process.execPath,
    args: [
      join(dirname(findPackageJSON("maildev", import.meta.url) ?? ""), "dist/bin/maildev.js"),
      ...Object.entries(options).flatMap(([key, value]) => [`--${key}`, value]),
      // It would log every address that mail goes to.
      "--silent",
    ],
    // It would take a .maildevrc of the folder it runs in.
    cwd: mails,
    ports: [smtp, web],
    urls: { smtp: `smtp://${LOOPBACK}:${smtp}`, mailboxWeb: webUrl },
    ready: async () => (await smtpAnswers(smtp)) && (await webAnswers(webUrl)),
  };
}
