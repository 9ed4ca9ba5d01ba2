// Which way mails go, by the settings.
import { ConfigError, type Logger } from "@waitlist/runtime";
import { createSmtpTransport } from "./adapters/smtp-transport.ts";
import type { Config } from "./config.ts";
import { readDkimKey } from "./dkim-settings.ts";
import type { MailTransport } from "./ports.ts";

type Way = Pick<Config, "MAIL_TRANSPORT" | "SMTP_URL" | "SES_REGION">;

/** What the chosen way needs. Throws `ConfigError` where it isn't there. */
export function readWay(config: Way): { by: "smtp"; url: string } | { by: "ses"; region: string } {
  if (config.MAIL_TRANSPORT === "ses") {
    if (config.SES_REGION) return { by: "ses", region: config.SES_REGION };
    throw new ConfigError("SES_REGION must be given where MAIL_TRANSPORT is ses.");
  }
  if (config.SMTP_URL) return { by: "smtp", url: config.SMTP_URL };
  throw new ConfigError("SMTP_URL must be given where MAIL_TRANSPORT is smtp.");
}

/** Throws `ConfigError` where what the chosen way needs isn't there. Connects to nobody yet. */
export async function createTransport(config: Config, log: Pick<Logger, "debug">): Promise<MailTransport> {
  const common = {
    dkim: readDkimKey(config),
    returnPath: config.MAIL_RETURN_PATH,
    connections: config.SMTP_CONNECTIONS,
    log,
  };
  const way = readWay(config);
  if (way.by === "ses") {
    // Loaded where it is used: the library alone takes some 20 MB of memory.
    const { createSesTransport } = await import("./adapters/ses-transport.ts");
    return createSesTransport({ ...common, region: way.region, endpoint: config.SES_ENDPOINT });
  }
  return createSmtpTransport({
    ...common,
    url: way.url,
    messagesPerConnection: config.SMTP_MESSAGES_PER_CONNECTION,
  });
}
