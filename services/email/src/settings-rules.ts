// What the schema of the settings can't say, so that one start names everything that is wrong.
import type { Rule } from "@waitlist/runtime";
import { parseTokenKeys, TokenKeysError } from "@waitlist/tokens";
import type { Config } from "./config.ts";
import { readDkimKey } from "./dkim-settings.ts";
import { readWay } from "./transport.ts";

export const rules: readonly Rule<Config>[] = [
  { of: ["MAIL_TRANSPORT", "SMTP_URL", "SES_REGION"], check: readWay },
  { of: ["DKIM_DOMAIN", "DKIM_SELECTOR", "DKIM_PRIVATE_KEY"], check: readDkimKey },
  {
    of: ["TOKEN_KEYS"],
    check: ({ TOKEN_KEYS }) => parseTokenKeys(TOKEN_KEYS),
    refusal: TokenKeysError,
  },
];
