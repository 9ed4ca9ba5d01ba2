// The email service's own settings, looked at with the real mail server and DNS.
import { Type } from "@sinclair/typebox";
import { type Finding, readConfig } from "@waitlist/runtime";
import { createTxtLookUp } from "../adapters/dns-txt.ts";
import { lookAtUrl } from "../adapters/smtp-look.ts";
import { Config } from "../config.ts";
import { createTransport } from "../transport.ts";
import { examine } from "./examine.ts";

const Settings = Type.Pick(Config, [
  ...(["MAIL_TRANSPORT", "SMTP_URL", "SES_REGION", "SES_ENDPOINT", "MAIL_FROM", "MAIL_RETURN_PATH"] as const),
  ...(["DKIM_DOMAIN", "DKIM_SELECTOR", "DKIM_PRIVATE_KEY", "PUBLIC_URL", "SMTP_CONNECTIONS"] as const),
  "SMTP_MESSAGES_PER_CONNECTION",
]);

/** What is right and wrong about how mails go out; `addresses` are lists' senders. Throws `ConfigError`. */
export async function diagnose(env: NodeJS.ProcessEnv, addresses: string[] = []): Promise<Finding[]> {
  const config = readConfig(Settings, env);
  return examine({
    ...{ config, addresses, lookUp: createTxtLookUp(), lookAtServer: lookAtUrl },
    checkSes: () => checkSes(config as Config),
  });
}

async function checkSes(config: Config): Promise<boolean> {
  const transport = await createTransport({ ...config, ...NO_KEY }, { debug: () => undefined });
  return transport.check().finally(() => transport.close());
}
/** Nothing is signed here, and a key that can't be read is told of elsewhere. */
const NO_KEY = { DKIM_DOMAIN: "", DKIM_SELECTOR: "", DKIM_PRIVATE_KEY: "" };
