# Starts and ends a container engine of our own, for ci.sh. Says in `why_not` why it can't.

why_not=
engine_pid=

start_engine() {
  [ "$(id -u)" = 0 ] || { why_not="an engine of its own needs root"; return 1; }
  install_engine >"$work/apt.log" 2>&1 || { why_not="docker.io and debootstrap can't be installed"; return 1; }
  export DOCKER_HOST="unix://$work/docker.sock"
  dockerd --host "$DOCKER_HOST" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" \
    >"$work/dockerd.log" 2>&1 &
  engine_pid=$!
  for _ in $(seq 60); do
    docker version >"$work/version" 2>&1 && return 0
    kill -0 "$engine_pid" 2>/dev/null || break
    sleep 0.5
  done
  why_not="dockerd doesn't start here: $(tail -n 1 "$work/dockerd.log")"
  return 1
}

install_engine() {
  command -v dockerd && command -v debootstrap && return 0
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends \
    docker.io debootstrap iptables
}

# Ends what it runs first: a container outlives an engine that is killed.
stop_engine() {
  [ -n "$engine_pid" ] || return 0
  docker ps --quiet | xargs --no-run-if-empty docker rm --force --volumes >/dev/null || true
  kill "$engine_pid" 2>/dev/null || true
  wait "$engine_pid" 2>/dev/null || true
  # It leaves a network namespace mounted, which would keep its folder.
  umount "$work"/exec/netns/* 2>/dev/null || true
}
