#!/bin/bash
# start-cached.sh OPTIONS-OF-THE-JVM…: starts the service of the working directory, waits until it is ready, and ends it.
# With -XX:AOTCacheOutput=FILE that makes the cache of what a start needs; the service writes it when it ends.
# Needs a database, as every start does.
set -eu
port=${HEIMDEX_MANAGEMENT_PORT:-8081}

ready() {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET %s HTTP/1.0\r\n\r\n' "$1" >&3
    head -1 <&3 | grep -q ' 200'
} 2>/dev/null

java "$@" -jar heimdex-archive.jar &
service=$!
trap 'kill $service 2>/dev/null || true' EXIT
for _ in $(seq 600); do
    if ready /actuator/health/readiness; then
        # What else a node is asked in its first seconds.
        ready /actuator/prometheus
        kill -TERM $service
        # 143: ended by the signal.
        wait $service || [ $? -eq 143 ]
        trap - EXIT
        exit 0
    fi
    kill -0 $service || exit 1
    sleep 0.5
done
echo "the service is not ready after 300 s" >&2
exit 1
