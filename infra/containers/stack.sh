# Proves the image and docker-compose.yml's stack, for ci.sh.

export GATEWAY_PORT=28080 KAFKA_PORT=29092 MONGO_PORT=27117 REDIS_PORT=26379 SMTP_PORT=21025 MAILBOX_PORT=21080
export PROMETHEUS_PORT=29090
gateway="http://127.0.0.1:$GATEWAY_PORT"
# Compose is taken from its Go module where the machine has none. It isn't installable as such, since it replaces modules.
COMPOSE_VERSION=v2.40.3

compose() {
  "$compose_tool" --project-directory "$root" --file "$root/docker-compose.yml" \
    --file "$here/local-images.yml" "$@" >>"$work/compose.log" 2>&1
}

find_compose() {
  compose_tool=$(command -v docker-compose || true)
  if [ -n "$compose_tool" ] && "$compose_tool" version --short | grep -q '^v\?2'; then return 0; fi
  compose_tool="$work/docker-compose"
  mkdir "$work/compose"
  (
    cd "$work/compose"
    go mod init waitlist/compose
    go get "github.com/docker/compose/v2/cmd@$COMPOSE_VERSION"
    go build -o "$compose_tool" github.com/docker/compose/v2/cmd
  ) >"$work/go.log" 2>&1 || { tail -n 20 "$work/go.log"; return 1; }
}

prove_image() {
  local run="docker run --rm --read-only --cap-drop ALL"
  say "image $(size "$WAITLIST_IMAGE") MB, of which Debian $(size "$base") MB and Node $(($(stat --format %s "$root/node_modules/node/bin/node") / 1000000)) MB"
  [ "$(docker inspect --format '{{.Config.User}}' "$WAITLIST_IMAGE")" = 10001:10001 ] || fail "it runs as root"
  $run --entrypoint sh "$WAITLIST_IMAGE" -c '! touch /app/services/x' 2>/dev/null || fail "its files can be written"
  # A service without its settings ends, and names them.
  ! $run "$WAITLIST_IMAGE" services/storage/src/main.ts >"$work/unset.log" || fail "it runs without settings"
  grep -q 'KAFKA_BROKERS' "$work/unset.log" || fail "it doesn't say which settings are missing"
}

prove_stack() {
  export WAITLIST_ENV_FILE="$work/waitlist.env"
  (umask 077 && bash "$here/secrets.sh" >"$WAITLIST_ENV_FILE" 2>"$work/key")
  local began=$EPOCHREALTIME
  compose up --no-build --wait --wait-timeout 300 gateway || { tail -n 20 "$work/compose.log"; compose_logs; fail "the stack isn't ready"; }
  say "start to ready $(elapsed "$began") s: Kafka, MongoDB, Redis, mailbox and four services"
  prove_order
  prove_signup
  prove_prometheus
  prove_health_fails
  compose --profile observability down --volumes
}

# What depends on another is started when that one is healthy.
prove_order() {
  local service order
  order=$(for service in kafka storage gateway; do
    docker inspect --format '{{.State.StartedAt}}' "waitlist-$service-1"
  done)
  [ "$order" = "$(sort <<<"$order")" ] || fail "the services don't start in order"
}

prove_signup() {
  local list="$gateway/v1/waitlists/socialode" key
  key=$(sed 's/.*: //' "$work/key")
  ask --request PUT "$list" --header "authorization: Bearer $key" --data "@$root/packages/launcher/examples/socialode.json" >"$work/defined"
  ask "$list/entries" --header 'prefer: wait=10' --data '{"email": "ada@example.com"}' >"$work/joined"
  grep -q '"position":1\b' "$work/joined" || fail "a signup has no place: $(cat "$work/joined")"
  until_true 20 has_mail || fail "a signup brings no mail"
}
has_mail() { curl --silent "http://127.0.0.1:$MAILBOX_PORT/api/email" | grep -q 'ada@example.com'; }

prove_prometheus() {
  compose up --no-build --wait prometheus || { tail -n 20 "$work/compose.log"; fail "Prometheus doesn't start"; }
  until_true 40 all_scraped || fail "Prometheus doesn't reach all services"
}
all_scraped() {
  local up='http://127.0.0.1:'$PROMETHEUS_PORT'/api/v1/query?query=sum(up{job="waitlist"})'
  curl --silent --globoff "$up" | grep -q '"4"\]'
}

# The control: a gateway that can't write to its log refuses signups and is unhealthy, and well again with Kafka.
prove_health_fails() {
  compose stop kafka
  until_true 60 signups_are_refused || fail "signups are accepted without Kafka"
  until_true 60 gateway_is unhealthy || fail "a gateway without Kafka is called healthy"
  compose start kafka
  until_true 60 gateway_is healthy || fail "a gateway doesn't come back with Kafka"
}
signups_are_refused() {
  [ "$(curl --silent --max-time 30 --output "$work/refused" --write-out '%{http_code}' \
    --header 'content-type: application/json' --data '{"email": "bob@example.com"}' \
    "$gateway/v1/waitlists/socialode/entries")" = 503 ]
}
gateway_is() { [ "$(docker inspect --format '{{.State.Health.Status}}' waitlist-gateway-1)" = "$1" ]; }

ask() { curl --silent --show-error --fail-with-body --header 'content-type: application/json' "$@"; }
size() { echo $(($(docker inspect --format '{{.Size}}' "$1") / 1000000)); }
elapsed() { awk "BEGIN { printf \"%.1f\", $EPOCHREALTIME - $1 }"; }
fail() { say "FAILED: $*"; exit 1; }
compose_logs() { "$compose_tool" --project-directory "$root" logs --tail 20 2>&1 | tail -n 80; }

# Asks every half second, for at most so many seconds.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.5
  done
}
