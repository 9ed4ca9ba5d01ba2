#!/usr/bin/env bash
# Prints new secrets for docker-compose.yml's services, and an admin key's hash; the key itself goes to standard error.
set -euo pipefail
random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '='; }
key="wl_admin_$(random)"
hash=$(printf %s "$key" | sha256sum | cut -d ' ' -f 1)

printf 'ENTRY_ID_SECRET=%s\nTOKEN_KEYS=k1:%s\nINTERNAL_TOKEN=%s\n' "$(random)" "$(random)" "$(random)"
printf 'ADMIN_KEYS=admin:read+admin+ops:%s\n' "$hash"
printf 'The admin key, which is not shown again: %s\n' "$key" >&2
