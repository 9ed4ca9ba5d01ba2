# Builds every image that ci.sh needs, from packages alone; names of our own, so that none is taken for the usual one.

export WAITLIST_IMAGE=waitlist-ci/waitlist KAFKA_IMAGE=waitlist-ci/kafka MONGO_IMAGE=waitlist-ci/mongodb
export REDIS_IMAGE=waitlist-ci/redis MAILBOX_IMAGE=waitlist-ci/mailbox PROMETHEUS_IMAGE=waitlist-ci/prometheus
base=waitlist-ci/debian
builder=waitlist-ci/node
# The engine's own builder: another one would be a plugin, and may not be there.
export DOCKER_BUILDKIT=0

# Ours and the others' at the same time: both wait for registries most of the time.
build_images() {
  import_base
  build --file "$root/infra/Dockerfile" --tag "$WAITLIST_IMAGE" "$root" &
  local ours=$!
  build_backing
  wait "$ours"
}

build_backing() {
  collect_jars
  local target
  for target in mailbox redis prometheus kafka mongodb; do
    build --file "$here/backing.Dockerfile" --target "$target" --tag "waitlist-ci/$target" \
      --build-arg "MAILDEV_VERSION=$(version_of maildev)" "$work/backing"
  done
}

# Debian as its slim image is: without documentation. The builder has Node, npm and this machine's certificates beside it.
import_base() {
  local system="$work/system"
  debootstrap --variant=minbase bookworm "$system" >"$work/debootstrap.log"
  rm -rf "$system"/usr/share/{doc,man,info,locale} "$system"/var/cache/apt/archives/*.deb "$system"/var/lib/apt/lists/*
  tar --directory "$system" --create . | docker import - "$base" >"$work/import.log"
  cp --dereference "$root/node_modules/node/bin/node" "$system/usr/local/bin/node"
  npm install --silent --global --prefix "$system/usr/local" npm@11
  mkdir -p "$system/etc/ssl/certs"
  cp /etc/ssl/certs/ca-certificates.crt "$system/etc/ssl/certs/"
  tar --directory "$system" --create . | docker import \
    --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$builder" >"$work/import.log"
  rm -rf "$system"
}

# The jars and launchers of the embedded mode, made by its own code.
collect_jars() {
  mkdir "$work/backing"
  cp "$here/kafka.sh" "$work/backing/"
  local folder
  folder=$(cd "$root" && node_modules/node/bin/node --input-type=module --eval '
    const { prepare } = await import(process.cwd() + "/packages/backing/src/embedded/prepare.ts");
    console.log((await prepare(process.env, () => undefined)).folder);')
  cp --recursive "$folder/jars" "$work/backing/jars"
}

build() {
  local log
  log=$(mktemp "$work/build.XXXX")
  docker build --quiet --network host --build-arg "BASE_IMAGE=$base" --build-arg "BUILD_IMAGE=$builder" "$@" \
    >"$log" 2>&1 || { tail -n 40 "$log"; return 1; }
}

version_of() { sed -n "s/^  $1: //p" "$root/pnpm-workspace.yaml"; }
