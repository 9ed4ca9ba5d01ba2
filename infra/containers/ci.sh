#!/usr/bin/env bash
# Proves the containers: builds the image, brings up docker-compose.yml, and sends the integration tests through
# Testcontainers. The engine is Debian's, started here with a data folder of its own and ended again; no image registry
# is needed. Ends with 0 and says why where no engine can be started. Needs root, Go (for compose) and the project's packages.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
# Short: it holds sockets, whose paths may have 107 characters.
work=$(mktemp -d /var/tmp/waitlist.XXXX)
trap 'stop_engine; rm -rf "$work"' EXIT
# shellcheck source=SCRIPTDIR/engine.sh
source "$here/engine.sh"
# shellcheck source=SCRIPTDIR/images.sh
source "$here/images.sh"
# shellcheck source=SCRIPTDIR/stack.sh
source "$here/stack.sh"

SECONDS=0
say() { echo "Containers: $*"; }

start_engine || { say "SKIPPED, because $why_not"; exit 0; }
find_compose
build_images
prove_image
prove_stack
cd "$root"
# All but those of the embedded mode, which start it themselves. Where this machine is a container itself, Testcontainers would
# ask for ports at the engine's bridge; ours are published on the loopback interface alone.
WAITLIST_BACKING=containers TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 \
  npx --yes pnpm@12.21.0 vitest run --project integration --exclude 'packages/backing/**'
say "passed in $SECONDS s: image, stack, integration tests through Testcontainers"
