// What the schema of the settings can't say, so that one start names everything that is wrong.
import type { Rule } from "@waitlist/runtime";
import { parseTokenKeys, TokenKeysError } from "@waitlist/tokens";
import type { GatewayConfig } from "./config.ts";
import { AdminKeysError, parseAdminKeys } from "./domain/admin-keys.ts";
import { parseTrustProxy } from "./http/trust-proxy.ts";
import { parseRateLimit } from "./limits/settings.ts";

export const rules: readonly Rule<GatewayConfig>[] = [
  {
    of: ["TOKEN_KEYS"],
    check: ({ TOKEN_KEYS }) => parseTokenKeys(TOKEN_KEYS),
    refusal: TokenKeysError,
  },
  {
    of: ["ADMIN_KEYS"],
    check: ({ ADMIN_KEYS }) => parseAdminKeys(ADMIN_KEYS),
    refusal: AdminKeysError,
  },
  { of: ["RATE_LIMIT"], check: ({ RATE_LIMIT }) => parseRateLimit(RATE_LIMIT) },
  { of: ["TRUST_PROXY"], check: ({ TRUST_PROXY }) => parseTrustProxy(TRUST_PROXY) },
];
