#!/bin/sh
# How long the list calls take with a long history: 1,000,000 executions of three orgs' jobs over 85 days.
# bench/history.sh [--executions N]
# Runs a service of its own, on $HEIMDEX_BENCH_PORT (default 18097) and over a data folder that is thrown away.
#
# Prints the p95 of every call that it makes, and below it where the service's own statements got their rows from, as
# PostgreSQL logged it. Fails if any of them read a whole table of jobs, executions or items. Last line:
#   history: list_first_ms=… list_deep_ms=… filter_ms=… detail_ms=…
#     p95 of 200 requests one after another, after 50 that are not counted
#     list_deep_ms  the slower of a page in the middle of the list and the last full one
#     filter_ms     the slowest of all filters tried, in each of three orgs: demo is as in life, nothing ever failed in
#                   quiet, and everything failed in the last 30 % of the time in broken
set -eu
cd "$(dirname "$0")/.."
. ./.mvn/jdk.sh
executions=1000000
case "$#:${1:-}" in
0:) ;;
2:--executions) executions=$2 ;;
*)
    echo "usage: bench/history.sh [--executions N]" >&2
    exit 2
    ;;
esac
case "$executions" in
'' | *[!0-9]* | ??????????*) executions=0 ;;
esac
if [ "$executions" -lt 10000 ]; then
    echo "--executions takes a number from 10000 on" >&2
    exit 2
fi
port=${HEIMDEX_BENCH_PORT:-18097}
url=http://127.0.0.1:$port

if curl -s -m 2 -o /dev/null "$url"; then
    echo "port $port is in use: set HEIMDEX_BENCH_PORT to another one" >&2
    exit 1
fi
[ -f target/heimdex-archive.jar ] || ./mvnw -q -B -DskipTests package
data=$(mktemp -d)
service=
stop() {
    [ -z "$service" ] || { kill "$service" && wait "$service"; } || true
    service=
}
trap 'stop; rm -rf "$data"' EXIT
trap 'exit 1' INT TERM

start() {
    HEIMDEX_DATA_DIR=$data HEIMDEX_DATABASE_URL='' HEIMDEX_DB_URL='' HEIMDEX_ENVIRONMENT=local \
        HEIMDEX_LOCAL_FIRSTRUN=false SERVER_PORT=$port \
        "$JAVA_HOME/bin/java" -jar target/heimdex-archive.jar >"$data/service.log" 2>&1 &
    service=$!
    tries=0
    until curl -sf -m 2 "$url/v1/health" >/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -gt 120 ] || ! kill -0 "$service" 2>/dev/null; then
            cat "$data/service.log" >&2
            exit 1
        fi
        sleep 0.5
    done
}

start
driver=$(cd "$data" && "$JAVA_HOME/bin/jar" -xf "$OLDPWD/target/heimdex-archive.jar" BOOT-INF/lib &&
    echo "$data"/BOOT-INF/lib/postgresql-*.jar)
history() {
    "$JAVA_HOME/bin/java" -cp "$driver" bench/History.java "$@"
}
history seed "$data" "$executions"
stop
start
history measure "$data" "$url"
