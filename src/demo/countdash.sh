#!/bin/sh
# Runs the countdash example beside a real Consul: registers it, starts its proxies, sends a request
# through the mesh, drains a group, and leaves nothing behind:
#
#   sh src/demo/countdash.sh
#
# Needs sh, a JDK 17 or newer and Maven; neither Docker nor root. Consul is $CONSUL_BIN, else the
# consul on PATH, else Debian's package, unpacked below target/. The example listens on three ports
# of the loopback: the API's, the dashboard's and that of its upstream. Where they are taken, say
# others: COUNTDASH_PORTS="9001 9002 8080".
set -eu
cd "$(dirname "$0")/../.."

step() { printf '\n== %s\n' "$*"; }
fail() {
  echo "countdash: $*" >&2
  exit 1
}

consul_pid=
bridge_pid=
api_pid=
dashboard_pid=
child_pid=
tmp=$(mktemp -d "${TMPDIR:-/tmp}/countdash.XXXXXX")

gone() { ! kill -0 "$1" 2>/dev/null; }

# Asks a process to end, and makes it end where it does not within 20 s.
end() {
  kill "$1" 2>/dev/null || return 0
  tries=100
  until gone "$1"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || kill -KILL "$1" 2>/dev/null || true
    sleep 0.2
  done
  wait "$1" 2>/dev/null || true
}

# The proxies that a bridge left behind which had to be killed.
left_proxies() { grep -ls "NOMAD_TASK_DIR=$tmp/" /proc/[0-9]*/environ 2>/dev/null | cut -d / -f 3; }

# Whatever ends the demo, what it started ends with it: by process ID, the bridge before the others.
clean_up() {
  status=$?
  trap - EXIT
  trap '' INT TERM HUP
  for pid in $child_pid $bridge_pid $api_pid $dashboard_pid $consul_pid; do
    end "$pid"
  done
  for pid in $(left_proxies); do
    kill "$pid" 2>/dev/null || true
  done
  if [ "$status" -ne 0 ]; then
    for log in "$tmp/bridge.log" "$tmp/consul.log"; do
      [ -s "$log" ] && echo "-- the end of ${log##*/}:" >&2 && tail -n 15 "$log" >&2
    done
  fi
  rm -rf "$tmp"
  exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# A signal is heard while this waits; a child in the foreground would hold it back.
attend() {
  "$@" &
  child_pid=$!
  result=0
  wait "$child_pid" || result=$?
  child_pid=
  return "$result"
}

# Tries a command five times a second, for as many seconds as said.
until_true() {
  tries=$(($1 * 5))
  shift
  until "$@"; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || return 1
    attend sleep 0.2
  done
}

built_since_changed() {
  [ -e target/dist/VERSION ] && [ -e target/dist/lib/connect-bridge.jar ] &&
    [ -z "$(find pom.xml LICENSE config src/main -newer target/dist/VERSION)" ]
}
consul_is_up() { "$consul" catalog nodes 2>/dev/null | grep -q '^countdash '; }
held() { "$consul" catalog services 2>/dev/null | grep -c '^count-' || true; }
registered() {
  kill -0 "$bridge_pid" 2>/dev/null || fail "connect-bridge ended by itself"
  [ "$(held)" -eq "$1" ]
}

if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
command -v "$java" >/dev/null || fail "needs a JDK, 17 or newer"

step "Consul"
consul=${CONSUL_BIN:-$(command -v consul || true)}
if [ -z "$consul" ]; then
  consul=$PWD/target/consul/consul
  if [ ! -x "$consul" ]; then
    echo "none here: fetching Debian's package, without root"
    attend sh src/scripts/get-consul.sh target/consul >/dev/null
  fi
fi
echo "$consul: $("$consul" version | head -n 1)"

step "connect-bridge"
if built_since_changed; then
  echo "target/dist is up to date"
else
  command -v mvn >/dev/null || fail "needs Maven to build target/dist"
  echo "building target/dist: mvn -DskipTests package (the first time, Maven fetches libraries)"
  attend mvn -q -B -DskipTests package
fi
echo "target/dist/bin/connect-bridge: $(cat target/dist/VERSION)"

# Nothing that was set for another Consul may lead the demo there.
unset CONSUL_HTTP_TOKEN CONSUL_HTTP_TOKEN_FILE CONSUL_HTTP_SSL CONSUL_HTTP_AUTH CONSUL_NAMESPACE
# In the background alone: the process is Java's own then, and none of the shell's.
tool() { exec "$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto "$@"; }
show() { attend tool -cp target/dist/lib/connect-bridge.jar src/demo/Countdash.java "$@"; }

# shellcheck disable=SC2086 # three ports, divided by blanks
set -- ${COUNTDASH_PORTS:-9001 9002 8080}
[ $# -eq 3 ] || fail 'COUNTDASH_PORTS takes three: "9001 9002 8080"'
api_port=$1 dashboard_port=$2 upstream_port=$3

step "starting a Consul agent on free ports of the loopback"
show ports 4 "$api_port" "$dashboard_port" "$upstream_port" >"$tmp/ports" ||
  fail 'the example needs ports of its own; say which: COUNTDASH_PORTS="9001 9002 8080"'
read -r http server lan wan <"$tmp/ports"
CONSUL_HTTP_ADDR=127.0.0.1:$http
export CONSUL_HTTP_ADDR
"$consul" agent -dev -node countdash -datacenter dc1 -bind 127.0.0.1 -client 127.0.0.1 \
  -http-port "$http" -grpc-port -1 -dns-port -1 -server-port "$server" \
  -serf-lan-port "$lan" -serf-wan-port "$wan" -log-level warn \
  -hcl 'disable_update_check = true' >"$tmp/consul.log" 2>&1 &
consul_pid=$!

# The applications: the bridge starts none, and they know nothing of it.
tool src/demo/CountApi.java "$api_port" >"$tmp/api.log" 2>&1 &
api_pid=$!
tool src/demo/CountDashboard.java "$dashboard_port" "http://127.0.0.1:$upstream_port/" \
  >"$tmp/dashboard.log" 2>&1 &
dashboard_pid=$!
until_true 30 consul_is_up || fail "Consul has no leader after 30 s"
echo "the agent answers at http://$CONSUL_HTTP_ADDR"
echo "and two applications: count-api at $api_port, count-dashboard at $dashboard_port"

step "starting connect-bridge on config/examples/countdash"
mkdir "$tmp/bin" "$tmp/specs"
ln -s "$consul" "$tmp/bin/consul"
sed -e "s/\"9001\"/\"$api_port\"/" -e "s/\"9002\"/\"$dashboard_port\"/" \
  -e "s/= 8080/= $upstream_port/" config/examples/countdash/countdash.nomad.hcl \
  >"$tmp/specs/countdash.nomad.hcl"
cat >"$tmp/connect-bridge.yaml" <<CONFIG
owner: countdash-demo-$$
consul:
  address: $CONSUL_HTTP_ADDR
specs:
  - $tmp/specs
data_dir: $tmp/data
run_dir: $tmp/run
default_sidecar_task: builtin
CONFIG
PATH=$tmp/bin:$PATH target/dist/bin/connect-bridge run --config "$tmp/connect-bridge.yaml" \
  >"$tmp/bridge.log" 2>&1 &
bridge_pid=$!
until_true 30 registered 4 || fail "only $(held) of 4 registrations after 30 s"
echo "two services and their two sidecars are registered; Consul's own proxy runs for each sidecar"
echo "waiting until Consul has seen both listen: it looks every ten seconds"

step "what Consul holds"
show table "$CONSUL_HTTP_ADDR" || fail "no proxy, no mesh"

step "one request through the mesh"
page() { show get "http://127.0.0.1:$dashboard_port/" 2>/dev/null; }
until_true 20 page || fail "the dashboard does not answer"
echo "it went: you, count-dashboard, its sidecar, (mutual TLS,) count-api's sidecar, count-api"

step "draining count-api: connect-bridge drain 'countdash/api[0]'"
attend target/dist/bin/connect-bridge drain --config "$tmp/connect-bridge.yaml" 'countdash/api[0]' ||
  fail "the drain was not proven"
page

step "stopping connect-bridge"
kill "$bridge_pid"
until_true 40 gone "$bridge_pid" || fail "connect-bridge still runs, 40 s after SIGTERM"
result=0
wait "$bridge_pid" || result=$?
bridge_pid=
left=$(held)
[ "$left" -eq 0 ] || fail "$left registrations are still there after connect-bridge ended"
[ -z "$(left_proxies)" ] || fail "a proxy still runs after connect-bridge ended"
echo "it drained and deregistered all that it had registered, and ended with $result"

step "stopping the applications and Consul"
end "$api_pid"
end "$dashboard_pid"
api_pid='' dashboard_pid=''
end "$consul_pid"
consul_pid=
echo "nothing is left behind but target/"
