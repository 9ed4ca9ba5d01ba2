// The settings of every service, as it reads them itself.
import type { Static, TObject } from "@sinclair/typebox";
import { Config as EmailConfig } from "@waitlist/email/config";
import { rules as emailRules } from "@waitlist/email/settings-rules";
import { GatewayConfig } from "@waitlist/gateway/config";
import { rules as gatewayRules } from "@waitlist/gateway/settings-rules";
import { Config as InviteConfig } from "@waitlist/invite/config";
import { about, ConfigError, type Finding, readConfig, type Settings } from "@waitlist/runtime";
import { Config as StorageConfig } from "@waitlist/storage/config";

const ALL = "docs/settings.md has all of them.";

export function checkSettings(env: NodeJS.ProcessEnv): Finding[] {
  return [
    ...checkOne("gateway", { schema: GatewayConfig, rules: gatewayRules }, env),
    ...checkOne("storage", { schema: StorageConfig }, env),
    ...checkOne("email", { schema: EmailConfig, rules: emailRules }, env),
    ...checkOne("invite", { schema: InviteConfig }, env),
  ];
}

function checkOne<T extends TObject>(
  service: string,
  { schema, rules }: Settings<T>,
  env: NodeJS.ProcessEnv,
) {
  const { right, wrong } = about(`Settings of ${service}`);
  try {
    readConfig(schema, env, rules);
    return [right("all that are needed are there, and can be used.")];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [wrong(error.message, ALL)];
  }
}

/** Runs a check with the settings that it needs; where they are wrong, which is told of elsewhere, it is left open. */
export async function withSettings<T extends TObject>(
  subject: string,
  schema: T,
  env: NodeJS.ProcessEnv,
  check: (config: Static<T>) => Promise<Finding[]> | Finding[],
): Promise<Finding[]> {
  let config: Static<T>;
  try {
    config = readConfig(schema, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return [about(subject).open(`its settings have to be right first. ${error.message}`)];
  }
  return check(config);
}
